"""Who gets which conversation (domain.md, "Giving out work"; R15–R18, R23)."""

import datetime as dt

import pytest

from agents import presence
from agents.models import Agent, Campaign, Project
from contactcenter.testing import (
    arrivals,
    holder_of,
    make_agent,
    make_inbox,
    order_status,
    place_of,
    ready,
    write,
)
from conversations import attending, closing, routing
from conversations.models import Assignment, Inbox, QueueEntry

pytestmark = pytest.mark.django_db


def test_first_in_first_out(web: Inbox, ana: Agent) -> None:
    """R15: Ana with one free slot gets C1, C2, C3 in the order they came."""
    ana.capacity = 1
    ana.save(update_fields=["capacity"])
    c1, c2, c3 = arrivals(web, 3)
    ready(ana)
    routing.fill(web.project_id)
    for current in (c1, c2, c3):
        assert [a.conversation for a in open_of(ana)] == [current]
        closing.end(agent=ana, conversation=current, typification=order_status(web.project))
    assert open_of(ana) == []


def test_another_message_neither_gains_nor_loses_a_place(web: Inbox, ana: Agent) -> None:
    c1, c2 = arrivals(web, 2)
    write(web, c2.identity, "are you there?")
    ready(make_agent(web.project, "Solo", capacity=1))
    routing.fill(web.project_id)
    assert holder_of(c1) is not None
    assert holder_of(c2) is None


def test_who_came_at_the_same_instant_goes_by_id(web: Inbox) -> None:
    """R15."""
    earlier, later = arrivals(web, 2)
    QueueEntry.objects.update(arrived_at=earlier.started_at, entered_at=earlier.started_at)
    ready(make_agent(web.project, "Solo", capacity=1))
    routing.fill(web.project_id)
    assert holder_of(earlier) is not None
    assert (holder_of(later), place_of(later)) == (None, 1)


def test_each_goes_to_the_agent_with_the_fewest(web: Inbox) -> None:
    """R16: three agents, six customers: 2, 2, 2; seven: one has 3, none 4."""
    agents = [ready(make_agent(web.project, name)) for name in ("Ana", "Bruno", "Carla")]
    arrivals(web, 6)
    assert [len(open_of(agent)) for agent in agents] == [2, 2, 2]
    arrivals(web, 1)
    assert sorted(len(open_of(agent)) for agent in agents) == [2, 2, 3]


def test_ties_go_to_whoever_waited_longest_for_work(web: Inbox) -> None:
    ana, bruno = (ready(make_agent(web.project, name)) for name in ("Ana", "Bruno"))
    first, second = arrivals(web, 2)
    assert [holder_of(first), holder_of(second)] == [ana, bruno]
    closing.end(agent=bruno, conversation=second, typification=order_status(web.project))
    closing.end(agent=ana, conversation=first, typification=order_status(web.project))
    third = write(web).conversation
    assert holder_of(third) == ana  # her last assignment is the older one


def test_ties_rotate_also_among_what_was_given_out_at_one_instant(web: Inbox) -> None:
    """Ana was served before, so the first of two goes to Bruno, and so does the next tie."""
    ana = ready(make_agent(web.project, "Ana"))
    (earlier,) = arrivals(web, 1)
    closing.end(agent=ana, conversation=earlier, typification=order_status(web.project))
    attending.stop(agent=ana)
    bruno = make_agent(web.project, "Bruno")
    two = arrivals(web, 2)
    for agent in (ana, bruno):
        ready(agent)
    routing.fill(web.project_id)
    assert [holder_of(conversation) for conversation in two] == [bruno, ana]
    assert holder_of(write(web).conversation) == bruno


def test_six_at_a_time_and_the_seventh_waits(web: Inbox, ana: Agent) -> None:
    """R17, R18: the seventh waits, and comes in the moment one ends."""
    ready(ana)
    *six, seventh = arrivals(web, 7)
    assert len(open_of(ana)) == 6
    assert holder_of(seventh) is None
    closing.end(agent=ana, conversation=six[2], typification=order_status(web.project))
    assert holder_of(seventh) == ana


@pytest.mark.parametrize(
    ("own", "project", "limit"), [(None, 6, 6), (None, 2, 2), (3, 2, 3), (0, 6, 0)]
)
def test_the_limit_is_the_agents_own_else_the_projects(
    web: Inbox, ana: Agent, own: int | None, project: int, limit: int
) -> None:
    Project.objects.filter(pk=web.project_id).update(capacity=project)
    Agent.objects.filter(pk=ana.pk).update(capacity=own)
    ready(ana)
    arrivals(web, 8)
    assert len(open_of(ana)) == limit


def test_a_lowered_limit_takes_nothing_away_and_gives_nothing(web: Inbox, ana: Agent) -> None:
    ready(ana)
    held = arrivals(web, 4)
    Agent.objects.filter(pk=ana.pk).update(capacity=2)
    later = write(web).conversation
    closing.end(agent=ana, conversation=held[0], typification=order_status(web.project))
    assert len(open_of(ana)) == 3
    assert holder_of(later) is None


def test_nobody_gets_work_who_is_not_ready(web: Inbox) -> None:
    """R16, R23: not available, not connected, or of another campaign: passed over."""
    shop = web.project
    off = make_agent(shop, "Off")
    presence.arrive(agent=off, session_key="x")
    gone = ready(make_agent(shop, "Gone"))
    gone.consoles.update(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    sales = Campaign.objects.create(project=shop, name="Sales")
    ready(make_agent(shop, "Seller", campaigns=[sales]))
    waiting = write(web).conversation
    assert holder_of(waiting) is None
    bruno = ready(make_agent(shop, "Bruno"))
    routing.fill(shop.pk)
    assert holder_of(waiting) == bruno
    reason = Assignment.objects.get(conversation=waiting).reason
    assert reason["skipped"] == {"not available": ["Off"], "not connected": ["Gone"]}


def test_an_agent_in_two_campaigns_takes_the_oldest_of_both(web: Inbox, support: Campaign) -> None:
    sales = Campaign.objects.create(project=web.project, name="Sales")
    shop_sales = make_inbox(sales)
    first = write(shop_sales).conversation
    second = write(web).conversation
    both = ready(make_agent(web.project, "Both", capacity=1))
    routing.fill(web.project_id)
    assert [holder_of(first), holder_of(second)] == [both, None]


def test_a_full_campaigns_long_line_does_not_starve_another(web: Inbox, support: Campaign) -> None:
    """Only campaigns with a free slot are fetched, each as many as it can place."""
    sales = Campaign.objects.create(project=web.project, name="Sales")
    arrivals(web, 5)
    late = write(make_inbox(sales)).conversation
    ready(make_agent(web.project, "Support", campaigns=[support], capacity=2))
    seller = ready(make_agent(web.project, "Seller", campaigns=[sales], capacity=1))
    assert len(routing.fill(web.project_id)) == 3
    assert holder_of(late) == seller


def test_the_reason_is_recorded(web: Inbox) -> None:
    _ana, bruno = (ready(make_agent(web.project, name)) for name in ("Ana", "Bruno"))
    arrivals(web, 2)
    third = write(web).conversation
    reason = Assignment.objects.get(conversation=third).reason
    assert reason == {
        "load": 1,
        "limit": 6,
        "candidates": 2,
        "others": {bruno.name: 1},
        "skipped": {},
    }
    assert "1 open conversation" in Assignment.objects.get(conversation=third).why


def test_a_reason_counts_everybody_and_names_ten(web: Inbox, support: Campaign) -> None:
    for number in range(14):
        ready(make_agent(web.project, f"Agent {number:02}", campaigns=[support]))
    conversation = write(web).conversation
    reason = Assignment.objects.get(conversation=conversation).reason
    assert reason["candidates"] == 14
    assert reason["others"] == {f"Agent {number:02}": 0 for number in range(1, 11)}


def test_whoever_another_campaign_has_filled_meanwhile_is_no_candidate(
    web: Inbox, support: Campaign
) -> None:
    """One run serves Sales first, which takes Both's only slot: Support's reason says so."""
    sales = Campaign.objects.create(project=web.project, name="Sales")
    write(make_inbox(sales))
    wants_support = write(web).conversation
    for name, campaigns in (("Ana", [support]), ("Eva", [support]), ("Both", [sales, support])):
        ready(make_agent(web.project, name, campaigns=campaigns, capacity=1))
    routing.fill(web.project_id)
    reason = Assignment.objects.get(conversation=wants_support).reason
    assert (reason["candidates"], reason["others"]) == (2, {"Eva": 0})
    assert reason["skipped"] == {"full": ["Both"]}


def test_accepting_brings_in_the_queue(web: Inbox, ana: Agent) -> None:
    """R20, R21: nothing before the press, everything that fits after it."""
    presence.arrive(agent=ana, session_key="x")
    waiting = arrivals(web, 2)
    assert open_of(ana) == []
    attending.accept(agent=ana)
    assert [holder_of(conversation) for conversation in waiting] == [ana, ana]


def test_nobody_is_available_without_an_open_console(ana: Agent) -> None:
    with pytest.raises(attending.NoConsole):
        attending.accept(agent=ana)
    ana.refresh_from_db()
    assert not ana.is_available


def test_connecting_again_brings_in_the_queue(web: Inbox, ana: Agent) -> None:
    """Still available from before, the line was lost: what waits comes in at once."""
    presence.declare(agent=ana, is_available=True)
    waiting = write(web).conversation
    assert holder_of(waiting) is None
    attending.arrive(agent=ana, session_key="x")
    assert holder_of(waiting) == ana


def test_whoever_comes_straight_in_did_not_wait(web: Inbox, ana: Agent) -> None:
    ready(ana)
    entry = QueueEntry.objects.get(conversation=write(web).conversation)
    assert entry.ended_at == entry.entered_at


def test_the_place_in_the_line(web: Inbox) -> None:
    conversations = arrivals(web, 3)
    assert [place_of(c) for c in conversations] == [1, 2, 3]
    closing.abandon(conversation=conversations[0])
    assert [place_of(c) for c in conversations] == [None, 1, 2]


def open_of(agent: Agent) -> list[Assignment]:
    return list(Assignment.objects.filter(agent=agent, ended_at=None).order_by("pk"))
