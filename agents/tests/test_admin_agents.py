"""What a supervisor changes of an agent takes effect at once, and no more than that (R6, R17)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Agent, AvailabilityChange, Campaign, Project
from agents.tests.supervising import save, served, site
from contactcenter.testing import arrivals, holder_of, ready
from conversations import attending, routing
from conversations.models import Inbox

__all__ = ["site"]  # a fixture
pytestmark = pytest.mark.django_db


def agent_form(agent: Agent, **changed: Any) -> dict[str, Any]:
    """What the browser sends for an agent: unchecked boxes are not sent."""
    values = {
        "campaigns": [campaign.pk for campaign in agent.campaigns.all()],
        "language": agent.language,
        "capacity": "" if agent.capacity is None else agent.capacity,
        "is_active": agent.is_active,
        "is_agent": agent.is_agent,
        "is_supervisor": agent.is_supervisor,
        **changed,
    }
    return {name: value for name, value in values.items() if value is not False}


# Work becomes possible


def test_a_higher_limit_of_one_agent_gives_out_work_at_once(
    site: Client, web: Inbox, ana: Agent
) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=0)
    ana.refresh_from_db()
    ready(ana)
    arrivals(web, 2)
    save(site, ana, agent_form(ana, capacity=2))
    assert served(ana) == 2


def test_a_lower_limit_takes_nothing_away(site: Client, web: Inbox, ana: Agent) -> None:
    """R17: nothing is taken away, nothing new comes."""
    ready(ana)
    arrivals(web, 3)
    save(site, ana, agent_form(ana, capacity=1))
    arrivals(web, 1)
    assert served(ana) == 3


def test_joining_a_campaign_brings_its_queue(
    site: Client, support: Campaign, web: Inbox, ana: Agent
) -> None:
    ana.campaigns.clear()
    ready(ana)
    (waiting,) = arrivals(web, 1)
    assert holder_of(waiting) is None
    save(site, ana, agent_form(ana, campaigns=[support.pk]))
    assert holder_of(waiting) == ana


def test_the_agent_role_back_brings_the_queue(site: Client, web: Inbox, ana: Agent) -> None:
    ready(ana)
    Agent.objects.filter(pk=ana.pk).update(is_agent=False)
    ana.refresh_from_db()
    (waiting,) = arrivals(web, 1)
    save(site, ana, agent_form(ana, is_agent=True))
    assert holder_of(waiting) == ana


# Work ends


@pytest.mark.parametrize("right", ["is_active", "is_agent"])
def test_a_withdrawn_right_ends_availability_and_names_what_is_still_held(
    site: Client, web: Inbox, ana: Agent, right: str
) -> None:
    ready(ana)
    arrivals(web, 2)
    page = save(site, ana, agent_form(ana, **{right: False}))
    ana.refresh_from_db()
    assert (getattr(ana, right), ana.is_available) == (False, False)
    assert AvailabilityChange.objects.filter(agent=ana).first().reason == "deactivated"
    assert "Ana still holds 2 conversations." in site.get(page.url).text
    arrivals(web, 1)
    assert served(ana) == 2


def test_a_deactivated_user_is_available_nowhere(site: Client, ana: Agent) -> None:
    ready(ana)
    save(site, ana.user, {"first_name": "Ana", "last_name": "", "email": ""})
    ana.refresh_from_db()
    assert (ana.user.is_active, ana.is_available) == (False, False)


def test_somebody_active_again_gets_work_once_they_accept(
    site: Client, web: Inbox, ana: Agent
) -> None:
    """Not before: what they wanted then is not what they want now."""
    ready(ana)
    save(site, ana, agent_form(ana, is_active=False))
    (waiting,) = arrivals(web, 1)
    ana.refresh_from_db()
    save(site, ana, agent_form(ana, is_active=True))
    assert holder_of(waiting) is None
    attending.accept(agent=Agent.objects.get(pk=ana.pk))
    assert holder_of(waiting) == ana


def test_leaving_a_campaign_keeps_what_is_open_and_brings_nothing_new(
    site: Client, support: Campaign, web: Inbox, ana: Agent
) -> None:
    ready(ana)
    (held,) = arrivals(web, 1)
    save(site, ana, agent_form(ana, campaigns=[]))
    (later,) = arrivals(web, 1)
    assert (holder_of(held), holder_of(later)) == (ana, None)


def test_what_happens_while_the_form_is_saved_is_not_undone(
    site: Client, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what was changed is saved: Ana presses Accept between its reading and its writing."""
    lock = routing.lock

    def lock_after_the_press(project_id: int) -> Any:
        monkeypatch.undo()
        ready(Agent.objects.get(pk=ana.pk))
        return lock(project_id)

    monkeypatch.setattr(routing, "lock", lock_after_the_press)
    save(site, ana, agent_form(ana, language="es"))
    ana.refresh_from_db()
    assert (ana.language, ana.is_available) == ("es", True)


# Mass assignment


def test_fields_that_are_not_in_the_form_stay_what_they_were(
    site: Client, shop: Project, ana: Agent, bruno: Agent, mallory: Agent
) -> None:
    sent = agent_form(ana) | {
        "user": bruno.user.pk,
        "project": mallory.project_id,
        "is_available": True,
        "availability_reason": "forged",
    }
    assert save(site, ana, sent).status_code == 302
    ana.refresh_from_db()
    assert ana.user.first_name == "Ana"
    assert (ana.project, ana.is_available, ana.availability_reason) == (shop, False, "")


def test_another_projects_campaign_cannot_be_given(
    site: Client, ana: Agent, mallory: Agent
) -> None:
    foreign = mallory.project.campaigns.get()
    response = save(site, ana, agent_form(ana, campaigns=[foreign.pk]))
    assert response.status_code == 200
    assert foreign not in ana.campaigns.all()


def test_nobody_is_put_into_a_project_one_does_not_supervise(
    site: Client, ana: Agent, bruno: Agent, mallory: Agent
) -> None:
    add = reverse("admin:agents_agent_add")
    for user, project in ((ana.user, mallory.project), (mallory.user, ana.project)):
        values = {"user": user.pk, "project": project.pk, "language": "en", "is_agent": True}
        assert site.post(add, values).status_code == 200
        assert not Agent.objects.filter(user=user, project=project).exists()


def test_nobody_takes_their_own_rights_away(site: Client, sofia: Agent) -> None:
    """Or the project would have no supervisor left."""
    save(site, sofia, agent_form(sofia, is_active=False, is_supervisor=False))
    sofia.refresh_from_db()
    assert sofia.is_active
    assert sofia.is_supervisor
