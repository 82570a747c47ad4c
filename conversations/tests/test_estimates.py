"""How long it may take: right often enough to be said, and not said where nobody can know."""

import datetime as dt
import random
import statistics
from itertools import pairwise

import pytest
from django.db.models import F

from agents.models import Agent, Campaign
from contactcenter.testing import arrivals, make_agent, make_inbox, order_status, ready, write
from conversations import attending, closing, estimates
from conversations.estimates import MINUTE, Forecast, Hand, readable, spread
from conversations.models import Assignment, Conversation, Inbox
from conversations.tests.simulated_day import SALES, SUPPORT, Day, hand, middle


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimates, "FRESH", -1.0)


# What is said of given facts


def test_whoever_is_further_back_waits_longer() -> None:
    """Six slots that take half an hour each: one comes free every five minutes."""
    waits = [Forecast([hand()]).wait(SUPPORT, {SUPPORT: n}) for n in range(12)]
    assert waits[0] == (1 * MINUTE, 7 * MINUTE)
    assert all(middle(one) <= middle(next_) for one, next_ in pairwise(waits))
    assert middle(waits[11]) == pytest.approx(12 * 5 * MINUTE, rel=0.15)


@pytest.mark.parametrize(
    ("team", "why"),
    [
        ([], "nobody is in the campaign"),
        ([hand(SALES)], "only others' slots came free"),
        ([hand(freed=4)], "too little happened in the last hour"),
        ([hand(is_accepting=False)], "nobody accepts"),
        ([hand(open=5)], "somebody has room: it is immediate"),
        ([hand(), hand(open=0)], "somebody has room: it is immediate"),
        ([hand(limit=0, open=0)], "no slots at all"),
        ([hand(limit=2, open=6)], "over the limit: a release makes no room"),
    ],
)
def test_nothing_is_said_where_nobody_can_know(team: list[Hand], why: str) -> None:
    assert Forecast(team).wait(SUPPORT, {}) is None, why


def test_those_who_went_home_show_how_long_it_takes_but_give_no_slot() -> None:
    alone = Forecast([hand(), hand(is_accepting=False, open=3)]).wait(SUPPORT, {})
    both = Forecast([hand(), hand()]).wait(SUPPORT, {})
    assert middle(alone) > middle(both)


def test_an_agent_of_two_campaigns_takes_the_oldest_of_both() -> None:
    shared, apart = Forecast([hand(SUPPORT, SALES)]), Forecast([hand(SUPPORT), hand(SALES)])
    half = Forecast([hand(SUPPORT, SALES), hand(SALES)])
    ahead = {SALES: 8}
    assert shared.wait(SUPPORT, ahead) == shared.wait(SUPPORT, {SUPPORT: 8})
    assert apart.wait(SUPPORT, ahead) == apart.wait(SUPPORT, {})
    assert half.wait(SUPPORT, ahead) == half.wait(SUPPORT, {SUPPORT: 4})


def test_the_range_is_rounded_outwards_to_what_people_read() -> None:
    assert readable(61, 62) == (60, 120)
    assert readable(10, 50) == (0, 60)
    assert readable(60, 60) == (60, 120)
    assert readable(11 * MINUTE, 19 * MINUTE) == (10 * MINUTE, 20 * MINUTE)
    assert readable(40 * MINUTE, 70 * MINUTE) == (30 * MINUTE, 75 * MINUTE)
    assert readable(130 * MINUTE, 200 * MINUTE) == (120 * MINUTE, 210 * MINUTE)


@pytest.mark.parametrize("turn", [1, 2, 5, 20])
def test_the_middle_half_holds_one_in_two(turn: int) -> None:
    """Of the `turn`-th release of a Poisson process."""
    chance = random.Random(7)
    low, high = spread(turn, rate=1)
    times = [sum(chance.expovariate(1) for _ in range(turn)) for _ in range(20_000)]
    assert 0.48 < sum(low <= at <= high for at in times) / len(times) < 0.52


# Whether it is true


@pytest.mark.parametrize(
    ("agents", "slots", "minutes"), [(1, 3, 6), (3, 3, 8), (4, 6, 12), (10, 4, 15)]
)
def test_most_waits_end_within_the_range_that_was_said(
    agents: int, slots: int, minutes: float
) -> None:
    day = Day(random.Random(agents), agents=agents, slots=slots, minutes=minutes)
    day.run(hours=30)
    told = len(day.told)
    within = sum(low <= took <= high for (low, high), took in day.told) / told
    longer = sum(took > high for (_, high), took in day.told) / told
    width = statistics.median((high - low) / middle((low, high)) for (low, high), _ in day.told)
    print(f"{agents} x {slots}: {told} told, {within:.0%} within, {longer:.0%} longer, {width:.2f}")
    assert told > 20 * day.silent
    assert 0.6 < within < 0.95
    assert longer < 0.2
    assert width < 1.0


# From the rows


def last_hour(web: Inbox, agent: Agent, count: int, minutes: float = 10) -> None:
    """So many conversations, one after the other, served for that long each, until now."""
    for _n in range(count):
        conversation = write(web).conversation
        closing.end(agent=agent, conversation=conversation, typification=order_status(web.project))
    span = dt.timedelta(minutes=minutes)
    Assignment.objects.filter(agent=agent, outcome="ended").update(started_at=F("ended_at") - span)


@pytest.mark.django_db
def test_the_rows_of_the_last_hour_become_hands(
    web: Inbox, support: Campaign, ana: Agent, bruno: Agent, mallory: Agent
) -> None:
    ready(ana)
    last_hour(web, ana, 6)
    long_ago = Assignment.objects.filter(agent=ana).first()
    hours = dt.timedelta(hours=2)
    Assignment.objects.filter(pk=long_ago.pk).update(
        started_at=F("started_at") - hours, ended_at=F("ended_at") - hours
    )
    arrivals(web, 2)
    by_load = sorted(estimates.hands(web.project_id), key=lambda one: one.open)
    theirs, hers = by_load
    assert (hers.campaigns, hers.is_accepting, hers.limit) == (frozenset({support.pk}), True, 6)
    assert (hers.open, hers.freed) == (2, 5)
    assert hers.seconds == pytest.approx(5 * 10 * MINUTE, abs=5)
    assert (theirs.is_accepting, theirs.open, theirs.freed, theirs.seconds) == (False, 0, 0, 0)


@pytest.mark.django_db
def test_what_a_vanished_agent_gave_back_was_not_freed(web: Inbox, ana: Agent) -> None:
    ready(ana)
    last_hour(web, ana, 6)
    Assignment.objects.update(outcome=Assignment.Outcome.RELEASED)
    assert [one.freed for one in estimates.hands(web.project_id)] == [0]


@pytest.mark.django_db
def test_the_place_and_the_range_are_the_same_one_by_one_and_all_at_once(
    web: Inbox, ana: Agent
) -> None:
    ready(ana)
    last_hour(web, ana, 8)
    *served, second, first = arrivals(web, 8)
    in_line = estimates.lines([str(c.pk) for c in (*served, second, first)])
    assert set(in_line) == {str(second.pk), str(first.pk)}
    for conversation, position in ((second, 1), (first, 2)):
        alone = estimates.in_line(conversation.pk)
        assert alone == in_line[str(conversation.pk)]
        assert alone and alone.position == position and alone.wait
    assert estimates.in_line(served[0].pk) is None


@pytest.mark.django_db
def test_the_range_goes_when_nobody_accepts_any_more(web: Inbox, ana: Agent) -> None:
    ready(ana)
    last_hour(web, ana, 8)
    last = arrivals(web, 7)[-1]
    assert estimates.in_line(last.pk).wait
    attending.stop(agent=ana)
    assert estimates.in_line(last.pk).wait is None


@pytest.mark.django_db
def test_the_older_of_another_campaign_count_as_far_as_their_agents_are_shared(
    web: Inbox, ana: Agent
) -> None:
    sales = Campaign.objects.create(project=web.project, name="Sales")
    shop_window = make_inbox(sales)
    ana.campaigns.add(sales)
    ready(ana)
    last_hour(web, ana, 8)
    arrivals(web, 6)
    alone = arrivals(web, 1)[0]
    arrivals(shop_window, 12)
    behind = arrivals(web, 1)[0]
    waits = estimates.lines([str(alone.pk), str(behind.pk)])
    assert [waits[str(c.pk)].position for c in (alone, behind)] == [1, 2]
    assert middle(waits[str(behind.pk)].wait) > 5 * middle(waits[str(alone.pk)].wait)


@pytest.mark.django_db
def test_mallorys_agents_and_queue_count_for_nothing(
    web: Inbox, ana: Agent, mallory: Agent
) -> None:
    clinic = Inbox.objects.get(project=mallory.project_id)
    ready(ana)
    last_hour(web, ana, 8)
    ready(mallory)
    arrivals(clinic, 9)
    last = arrivals(web, 7)[-1]
    found = estimates.in_line(last.pk)
    assert found.position == 1
    assert found == estimates.lines([str(last.pk), *waiting_in(clinic)])[str(last.pk)]


def waiting_in(inbox: Inbox) -> list[str]:
    return [str(c.pk) for c in Conversation.objects.filter(inbox=inbox)]


@pytest.mark.django_db
def test_it_is_asked_once_for_all_and_not_again_for_seconds(
    web: Inbox, ana: Agent, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    monkeypatch.setattr(estimates, "FRESH", 60.0)
    make_agent(web.project, "Carla")
    ready(ana)
    last_hour(web, ana, 8)
    names = [str(c.pk) for c in arrivals(web, 20)]
    with django_assert_num_queries(2):  # type: ignore[operator]
        estimates.lines(names)
    with django_assert_num_queries(1):  # type: ignore[operator]
        estimates.lines(names)
