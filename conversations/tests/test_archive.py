"""History: who finds which ended conversations, page by page, and how they are looked for."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agents.models import Agent, Campaign, Project
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_customer,
    make_inbox,
    order_status,
    ready,
    write,
)
from conversations import archive, closing, inbound
from conversations.archive import Wanted, page
from conversations.models import Assignment, Conversation, Inbox, Typification

pytestmark = pytest.mark.django_db


def sign_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


def end(agent: Agent, conversation: Conversation) -> Conversation:
    typification = order_status(agent.project)
    closing.end(agent=agent, conversation=conversation, typification=typification)
    conversation.refresh_from_db()
    return conversation


def ended(agent: Agent, inbox: Inbox, count: int = 1, **customer: Any) -> list[Conversation]:
    """So many that this agent served, oldest first."""
    Agent.objects.filter(project=agent.project).update(is_available=False)
    ready(agent)
    agent.refresh_from_db()
    return [
        end(agent, write(inbox, make_customer(inbox, **customer)).conversation)
        for _ in range(count)
    ]


def ids(who: Agent, /, **wanted: Any) -> list[uuid.UUID]:
    rows, _ = page(who, Wanted(**wanted))
    return [row.conversation.pk for row in rows]


@pytest.fixture
def sales(shop: Project) -> Inbox:
    return make_inbox(Campaign.objects.create(project=shop, name="Sales"))


@pytest.fixture
def three(web: Inbox, sales: Inbox, shop: Project) -> tuple[Agent, Agent, Agent]:
    """Ana and Bruno in Support, Carla in Sales only."""
    support = [web.campaign]
    return (
        make_agent(shop, "Ana", campaigns=support),
        make_agent(shop, "Bruno", campaigns=support),
        make_agent(shop, "Carla", campaigns=[sales.campaign]),
    )


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ("own", {"Ana": "a", "Bruno": "b", "Carla": "c"}),
        ("campaigns", {"Ana": "ab", "Bruno": "ab", "Carla": "c"}),
        ("project", {"Ana": "abc", "Bruno": "abc", "Carla": "abc"}),
    ],
)
def test_three_agents_find_what_the_project_lets_them(
    shop: Project,
    web: Inbox,
    sales: Inbox,
    three: tuple[Agent, ...],
    scope: str,
    found: dict[str, str],
) -> None:
    """In the list and by the address alike, over HTTP."""
    ana, bruno, carla = three
    theirs = {
        "a": ended(ana, web)[0],
        "b": ended(bruno, web)[0],
        "c": ended(carla, sales)[0],
    }
    Project.objects.filter(pk=shop.pk).update(archive_scope=scope)
    for agent in three:
        client, home = sign_in(agent), f"/p/{shop.slug}/history/"
        listed = client.get(home).content.decode()
        for name, conversation in theirs.items():
            may = name in found[agent.name]
            assert (f"archived-{conversation.pk}" in listed) is may, (agent.name, name)
            answer = client.get(f"{home}{conversation.pk}/")
            assert answer.status_code == (200 if may else 404), (agent.name, name)
            older = client.get(f"{home}{conversation.pk}/messages/", {"before": uuid.uuid4()})
            assert older.status_code == 404


def test_their_own_are_always_among_them(
    shop: Project, web: Inbox, sales: Inbox, three: tuple[Agent, ...]
) -> None:
    """Ana was lent to Sales for a day."""
    ana, _bruno, carla = three
    ana.campaigns.add(sales.campaign)
    (lent,) = ended(ana, sales)
    ana.campaigns.remove(sales.campaign)
    (other,) = ended(carla, sales)
    assert ids(ana) == [lent.pk]
    assert set(ids(carla)) == {lent.pk, other.pk}
    assert ids(ana, agent=carla.pk) == []
    assert ids(ana, agent=ana.pk) == [lent.pk]
    assert ids(carla, agent=ana.pk) == [lent.pk]


def test_what_is_open_is_not_there(web: Inbox, ana: Agent) -> None:
    ready(ana)
    held, waiting = write(web).conversation, [c.pk for c in arrivals(web, 7)][-1]
    assert ids(ana) == []
    client = sign_in(ana)
    for pk in (held.pk, waiting):
        assert client.get(f"/p/{web.project.slug}/history/{pk}/").status_code == 404


@pytest.mark.parametrize("scope", ["own", "campaigns", "project"])
def test_pages_follow_each_other_without_gap_or_repetition(
    web: Inbox, ana: Agent, monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    """Whatever ends meanwhile is newer, and so on no later page."""
    monkeypatch.setattr(archive, "PAGE", 3)
    Project.objects.filter(pk=ana.project_id).update(archive_scope=scope)
    all_of_them = [c.pk for c in ended(ana, web, 8)][::-1]
    now = timezone.now()  # a tie
    Conversation.objects.filter(pk__in=all_of_them[2:6]).update(ended_at=now)
    Assignment.objects.filter(conversation__in=all_of_them[2:6]).update(ended_at=now)
    seen: list[uuid.UUID] = []
    has_more = True
    while has_more:
        rows, has_more = page(ana, Wanted(), seen[-1] if seen else None)
        seen += [row.conversation.pk for row in rows]
        ended(ana, web)
    assert len(seen) == len(set(seen)) == 8
    assert set(seen) == set(all_of_them)


def test_a_cursor_that_is_gone_begins_anew(web: Inbox, ana: Agent, mallory: Agent) -> None:
    (mine,) = ended(ana, web)
    (theirs,) = ended(mallory, mallory.project.inboxes.get())
    for strange in (uuid.uuid4(), theirs.pk):
        rows, _ = page(ana, Wanted(), strange)
        assert [row.conversation.pk for row in rows] == [mine.pk]


@pytest.mark.parametrize("scope", ["own", "campaigns", "project"])
def test_every_filter_narrows(shop: Project, web: Inbox, sales: Inbox, scope: str) -> None:
    Project.objects.filter(pk=shop.pk).update(archive_scope=scope)
    ana = make_agent(shop, "Ana")
    lucia, mateo = (
        ended(ana, web, name="Lucía Fernández")[0],
        ended(ana, sales, name="Mateo 100%")[0],
    )
    complaint = Typification.objects.get(project=shop, name="Complaint")
    Conversation.objects.filter(pk=mateo.pk).update(typification=complaint)
    both = [mateo.pk, lucia.pk]
    assert ids(ana) == both
    assert ids(ana, campaign=sales.campaign_id) == [mateo.pk]
    assert ids(ana, inbox=web.pk) == [lucia.pk]
    assert ids(ana, typification=complaint.pk) == [mateo.pk]
    assert ids(ana, contact=lucia.contact_id) == [lucia.pk]
    assert ids(ana, contact=lucia.contact_id, inbox=sales.pk) == []
    assert ids(ana, words="fern") == [lucia.pk]
    assert ids(ana, words="fern luc") == [lucia.pk]
    assert ids(ana, words="100%") == [mateo.pk]
    assert ids(ana, words=mateo.identity.value.upper()) == [mateo.pk]
    assert ids(ana, words="nobody") == []
    assert ids(ana, agent=ana.pk, words="mateo") == [mateo.pk]
    assert ids(ana, agent=ana.pk, campaign=web.campaign_id) == [lucia.pk]
    assert ids(ana, campaign=0, typification=10**17) == []


def test_a_day_is_the_projects_day(shop: Project, web: Inbox, ana: Agent) -> None:
    """In Buenos Aires it is still yesterday, three hours long."""
    zone = "America/Argentina/Buenos_Aires"
    Project.objects.filter(pk=shop.pk).update(time_zone=zone)
    late, early = ended(ana, web, 2)
    at = {
        late: dt.datetime(2026, 3, 4, 2, 30, tzinfo=dt.UTC),  # the 3rd there
        early: dt.datetime(2026, 3, 4, 3, 0, tzinfo=dt.UTC),  # midnight there
    }
    for conversation, moment in at.items():
        before = moment - dt.timedelta(minutes=5)
        Conversation.objects.filter(pk=conversation.pk).update(ended_at=moment, started_at=before)
        Assignment.objects.filter(conversation=conversation).update(ended_at=moment)
    third, fourth = dt.date(2026, 3, 3), dt.date(2026, 3, 4)
    for agent in (None, ana.pk):
        assert ids(ana, agent=agent, until=third) == [late.pk]
        assert ids(ana, agent=agent, since=fourth) == [early.pk]
        assert ids(ana, agent=agent, since=third, until=fourth) == [early.pk, late.pk]
        assert ids(ana, agent=agent, since=fourth, until=third) == []
    for day in (dt.date.min, dt.date.max):
        ids(ana, since=day)
        ids(ana, until=day)


def test_a_row_says_who_what_and_how_long(web: Inbox, ana: Agent) -> None:
    (conversation,) = ended(ana, web, name="Lucía")
    began = conversation.ended_at - dt.timedelta(hours=1, minutes=2, seconds=3)
    Conversation.objects.filter(pk=conversation.pk).update(started_at=began)
    ((row,), has_more) = page(ana, Wanted())
    assert (row.agent, row.duration, has_more) == (ana, "1:02:03", False)
    html = sign_in(ana).get(f"/p/{web.project.slug}/history/").content.decode()
    for text in ("Lucía", "Ana", "Web", "Order status", "1:02:03"):
        assert text in html


def test_who_left_while_waiting_had_no_agent(web: Inbox, ana: Agent) -> None:
    conversation = write(web).conversation
    inbound.leave(conversation=conversation)
    ((row,), _more) = page(ana, Wanted())
    assert row.agent is None
    assert row.conversation.typification.reserved == "abandoned"
