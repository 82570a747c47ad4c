"""Why somebody takes no conversations: one of the project's reasons, or what happened to them."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

from agents import presence
from agents.models import Agent, AvailabilityChange, PauseReason
from contactcenter.testing import at_once, ready
from conversations import attending
from conversations.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reasons(web: Inbox) -> None:
    for order, name in enumerate(["Break", "Lunch"]):
        PauseReason.objects.create(project=web.project, name=name, order=order)
    PauseReason.objects.create(project=web.project, name="Smoking", is_active=False)


def said(agent: Agent) -> list[tuple[bool, str]]:
    changes = AvailabilityChange.objects.filter(agent=agent).order_by("pk")
    return [(change.is_available, change.reason) for change in changes]


def test_stop_is_one_press_and_the_reason_follows(ana: Agent) -> None:
    ready(ana)
    attending.stop(agent=ana)
    before = ana.available_since
    attending.explain(agent=ana, reason="Lunch")
    assert (ana.is_available, ana.pause) == (False, "Lunch")
    assert ana.available_since > before  # its own time
    attending.explain(agent=ana, reason="Break")
    assert said(ana) == [(True, ""), (False, ""), (False, "Lunch"), (False, "Break")]


def test_the_same_press_twice_is_once(ana: Agent) -> None:
    ready(ana)
    attending.explain(agent=ana, reason="Lunch")
    since = ana.available_since
    attending.explain(agent=ana, reason="Lunch")
    attending.stop(agent=ana)  # without a reason: keeps it
    assert (ana.pause, ana.available_since) == ("Lunch", since)
    assert said(ana) == [(True, ""), (False, "Lunch")]


@pytest.mark.parametrize("reason", ["Smoking", "lunch", "connection lost", "signed out", "<b>"])
def test_only_what_the_project_offers_is_a_reason(ana: Agent, reason: str) -> None:
    ready(ana)
    with pytest.raises(attending.UnknownReason):
        attending.explain(agent=ana, reason=reason)
    ana.refresh_from_db()
    assert ana.is_available


@pytest.mark.parametrize("name", ["missed conversations", "Signed out"])
def test_what_the_system_says_by_itself_is_no_reason_to_offer(web: Inbox, name: str) -> None:
    with pytest.raises(ValidationError):
        PauseReason(project=web.project, name=name).full_clean()


def test_another_projects_reason_is_none(ana: Agent, mallory: Agent) -> None:
    with pytest.raises(attending.UnknownReason):
        attending.explain(agent=mallory, reason="Lunch")


def test_accepting_again_ends_it(ana: Agent) -> None:
    ready(ana)
    attending.explain(agent=ana, reason="Lunch")
    attending.accept(agent=ana)
    assert (ana.is_available, ana.availability_reason, ana.pause) == (True, "", "")


def test_whoever_signs_out_at_lunch_is_signed_out(ana: Agent) -> None:
    ready(ana)
    attending.explain(agent=ana, reason="Lunch")
    (console,) = ana.consoles.all()
    attending.sign_out(user=ana.user, session_key=console.session_key)
    ana.refresh_from_db()
    assert ana.pause == "Signed out"
    presence.sign_in(ana.user)
    ana.refresh_from_db()
    assert (ana.is_available, ana.pause) == (False, "")  # the day begins plainly


def test_a_sign_in_elsewhere_leaves_lunch_alone(ana: Agent) -> None:
    ready(ana)
    attending.explain(agent=ana, reason="Lunch")
    presence.sign_in(ana.user)
    ana.refresh_from_db()
    assert ana.pause == "Lunch"


def test_what_happened_is_said_in_the_readers_language(ana: Agent) -> None:
    ready(ana)
    presence.declare(agent=ana, is_available=False, reason=presence.CONNECTION_LOST)
    assert ana.pause == "Connection lost"
    with translation.override("es"):
        assert ana.pause == gettext("Connection lost")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_say_each_reason_once(ana: Agent) -> None:
    ready(ana)
    attending.stop(agent=ana)
    at_once(
        [
            lambda: attending.explain(agent=Agent.objects.get(pk=ana.pk), reason="Lunch"),
            lambda: attending.explain(agent=Agent.objects.get(pk=ana.pk), reason="Break"),
            lambda: attending.explain(agent=Agent.objects.get(pk=ana.pk), reason="Lunch"),
        ]
    )
    ana.refresh_from_db()
    newest = said(ana)
    assert newest[-1] == (False, ana.availability_reason)
    assert all(one != other for one, other in itertools.pairwise(newest))
