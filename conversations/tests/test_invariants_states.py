"""The promises about slots, states, offers and screens, each broken on purpose, and named."""

import datetime as dt

import pytest
from django.utils import timezone

from agents.models import Agent, Project, Screen
from contactcenter.testing import arrivals, make_agent, order_status, ready
from conversations import routing
from conversations.models import Assignment, Contact, Conversation, Inbox, Offer, QueueEntry
from conversations.tests.breaking import MINUTE, broken, busy, change, served, waiting, without

__all__ = ["busy"]  # a fixture
pytestmark = pytest.mark.django_db


# P-04: limits


def test_an_assignment_over_the_limit(busy: Project, ana: Agent) -> None:
    """As if the lock had been forgotten: a third one beside her two."""
    entry = waiting(busy)
    change(entry, ended_at=timezone.now(), outcome="assigned")
    third = Assignment.objects.create(
        project=busy,
        campaign=entry.campaign,
        conversation=entry.conversation,
        agent=ana,
        queue_entry=entry,
        started_at=timezone.now(),
        reason={"load": 2, "limit": 2},
    )
    assert broken()["limits-kept"] == [str(third.pk)]


def test_a_limit_lowered_later_breaks_nothing(busy: Project, ana: Agent) -> None:
    change(ana, capacity=1)
    change(busy, capacity=0)
    assert broken() == {}


def test_many_at_one_instant_are_counted_in_their_order(shop: Project, web: Inbox) -> None:
    """One `fill` gives out several at the same moment: 0, 1, 2 … and not one more."""
    arrivals(web, 4)
    ready(make_agent(shop, "Ana", capacity=3))
    assert len(routing.fill(shop.pk)) == 3
    assert Assignment.objects.filter(project=shop).values("started_at").distinct().count() == 1
    assert broken() == {}
    last = Assignment.objects.order_by("pk").last()
    change(last, reason=last.reason | {"limit": 2})
    assert broken() == {"limits-kept": [str(last.pk)]}


@pytest.mark.parametrize("reason", [{}, {"load": 0}, {"limit": 2}, {"load": 7, "limit": 9}])
def test_a_reason_that_is_missing_or_wrong(busy: Project, reason: dict[str, int]) -> None:
    assignment = served(busy)
    change(assignment, reason=reason)
    assert broken() == {"reasons-true": [str(assignment.pk)]}


# P-05: one state


def test_two_open_conversations_of_one_contact(busy: Project) -> None:
    without("conversations_conversation.conversation_open_once_a_contact_and_inbox")
    one, other = (entry.conversation for entry in QueueEntry.objects.filter(ended_at=None))
    change(other, contact=one.contact, identity=one.identity)
    assert broken() == {"one-open-conversation": sorted([str(one.pk), str(other.pk)])}


def test_an_open_conversation_in_no_span(busy: Project) -> None:
    entry = waiting(busy)
    entry.delete()
    assert broken() == {"open-in-one-state": [str(entry.conversation_id)]}


def test_an_open_conversation_in_two_spans(busy: Project) -> None:
    without("conversations_queueentry.none")
    assignment = served(busy)
    now = timezone.now()
    QueueEntry.objects.create(
        project=busy,
        campaign=assignment.campaign,
        conversation=assignment.conversation,
        arrived_at=now,
        entered_at=now,
    )
    named = str(assignment.conversation_id)
    assert broken() == {"open-in-one-state": [named], "spans-apart": [named]}


def test_an_ended_conversation_that_still_waits(busy: Project) -> None:
    entry = waiting(busy)
    now = timezone.now()
    change(entry.conversation, ended_at=now, typification=order_status(busy))
    assert broken() == {"ended-in-no-state": [str(entry.conversation_id)]}


def test_an_ended_conversation_that_still_takes_a_slot(busy: Project) -> None:
    assignment = served(busy)
    change(assignment.conversation, ended_at=timezone.now(), typification=order_status(busy))
    assert broken() == {"ended-in-no-state": [str(assignment.conversation_id)]}


def test_an_ending_without_a_typification(busy: Project) -> None:
    without("conversations_conversation.conversation_ended_has_typification")
    ended = Conversation.objects.filter(ended_at__isnull=False).first()
    change(ended, typification=None)
    assert broken() == {"ended-with-typification": [str(ended.pk)]}


def test_somebody_blocked_who_is_served(busy: Project) -> None:
    conversation = served(busy).conversation
    change(conversation.contact, blocked_at=timezone.now())
    assert broken() == {"blocked-are-out": [str(conversation.pk)]}


def test_somebody_merged_who_kept_something(busy: Project) -> None:
    """Their identity and conversation, and one who was merged into them before."""
    kept, merged, before = Contact.objects.filter(project=busy).order_by("pk")[:3]
    change(merged, merged_into=kept)
    change(before, merged_into=merged)
    assert broken() == {"merged-have-nothing": [str(merged.pk), str(before.pk)]}


def test_spans_that_overlap(busy: Project) -> None:
    """It was served while it still waited."""
    assignment = served(busy)
    change(assignment.queue_entry, ended_at=assignment.started_at + MINUTE)
    assert "spans-apart" in broken()
    assert broken()["spans-apart"] == [str(assignment.conversation_id)]


# P-05, P-08, P-12: offers and screens


def offer_by_hand(conversation: Conversation, sender: Agent, age: dt.timedelta) -> Offer:
    began = timezone.now() - age
    return Offer.objects.create(
        project=conversation.project,
        conversation=conversation,
        agent=make_agent(conversation.project, "Carla"),
        sender=sender,
        started_at=began,
        expires_at=began + MINUTE,
    )


def test_an_offer_of_what_its_sender_does_not_hold(busy: Project, ana: Agent) -> None:
    made = offer_by_hand(waiting(busy).conversation, ana, MINUTE / 2)
    assert broken() == {"offers-by-their-holders": [str(made.pk)]}


def test_an_offer_that_nobody_ends(busy: Project, ana: Agent) -> None:
    made = offer_by_hand(served(busy).conversation, ana, MINUTE * 1.3)
    assert broken() == {"offers-end": [str(made.pk)]}


def test_an_agent_without_a_push_counter(busy: Project, ana: Agent) -> None:
    Screen.objects.all().delete()
    assert broken() == {"screens-exist": [str(ana.pk)]}
