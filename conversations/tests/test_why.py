"""The sentences say the truth: why somebody waits, and why somebody got a conversation."""

import datetime as dt
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from agents import presence
from agents.models import Agent, Campaign, ConsoleSession, Project
from contactcenter.testing import arrivals, make_agent, make_inbox, place_of, ready, write
from conversations import attending, releasing, waiting
from conversations.models import Assignment, Conversation, Inbox, QueueEntry

pytestmark = pytest.mark.django_db


def nobody_is_in_it(shop: Project) -> None:
    other = Campaign.objects.create(project=shop, name="Other")
    ready(make_agent(shop, "Ana", campaigns=[other]))


def nobody_is_connected(shop: Project) -> None:
    make_agent(shop, "Ana", is_available=True)
    make_agent(shop, "Bruno")


def the_line_of_the_only_one_is_lost(shop: Project) -> None:
    ready(make_agent(shop, "Ana"))
    ConsoleSession.objects.update(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


def one_is_connected_and_does_not_accept(shop: Project) -> None:
    presence.arrive(agent=make_agent(shop, "Ana"), session_key="a")
    make_agent(shop, "Bruno", is_available=True)


def two_are_connected_and_neither_accepts(shop: Project) -> None:
    for name in ("Ana", "Bruno"):
        presence.arrive(agent=make_agent(shop, name), session_key=name)


def the_only_one_is_full(shop: Project) -> None:
    ready(make_agent(shop, "Ana", capacity=1))
    presence.arrive(agent=make_agent(shop, "Bruno"), session_key="b")
    arrivals(shop.inboxes.get(), 1)


def all_are_full(shop: Project) -> None:
    for name in ("Ana", "Bruno"):
        ready(make_agent(shop, name, capacity=1))
    arrivals(shop.inboxes.get(), 2)


def full_with_another_campaigns_work(shop: Project) -> None:
    sales = Campaign.objects.create(project=shop, name="Sales")
    ready(make_agent(shop, "Ana", capacity=1))
    write(make_inbox(sales))


def the_limit_was_lowered_below_the_load(shop: Project) -> None:
    ana = ready(make_agent(shop, "Ana", capacity=3))
    arrivals(shop.inboxes.get(), 3)
    Agent.objects.filter(pk=ana.pk).update(capacity=1)


def the_limits_are_nought(shop: Project) -> None:
    for name in ("Ana", "Bruno"):
        ready(make_agent(shop, name, capacity=0))


def the_agent_was_deactivated(shop: Project) -> None:
    ana = ready(make_agent(shop, "Ana"))
    Agent.objects.filter(pk=ana.pk).update(is_active=False)


SITUATIONS = [
    (nobody_is_in_it, "No agent is in this campaign."),
    (the_agent_was_deactivated, "No agent is in this campaign."),
    (nobody_is_connected, "None of its agents is connected."),
    (the_line_of_the_only_one_is_lost, "None of its agents is connected."),
    (
        one_is_connected_and_does_not_accept,
        "1 agent is connected, and does not accept conversations.",
    ),
    (
        two_are_connected_and_neither_accepts,
        "2 agents are connected, and none accepts conversations.",
    ),
    (the_only_one_is_full, "The only available agent is full."),
    (all_are_full, "All 2 available agents are full."),
    (full_with_another_campaigns_work, "The only available agent is full."),
    (the_limit_was_lowered_below_the_load, "The only available agent is full."),
    (the_limits_are_nought, "The limit of everybody who is available is 0."),
]


@pytest.mark.parametrize(("situation", "why"), SITUATIONS)
def test_why_somebody_waits(
    shop: Project, web: Inbox, sofia: Agent, situation: Callable[[Project], None], why: str
) -> None:
    """The same in the command, on the entry's page and on the conversation's."""
    situation(shop)
    conversation = write(web).conversation
    entry = QueueEntry.objects.get(conversation=conversation)
    assert entry.ended_at is None
    out = StringIO()
    call_command("queue_status", "--project", shop.slug, stdout=out)
    assert f"The first one in Support waits: {why}" in " ".join(out.getvalue().split())
    site = Client()
    site.force_login(sofia.user, backend="agents.backends.ModelBackend")
    for name, pk in (("queueentry", entry.pk), ("conversation", conversation.pk)):
        page = site.get(reverse(f"admin:conversations_{name}_change", args=[pk]))
        assert why in page.text, name


def test_who_is_further_back_is_told_how_many_are_before(web: Inbox, ana: Agent) -> None:
    first, second, third = (QueueEntry.objects.get(conversation=one) for one in arrivals(web, 3))
    stands = "None of its agents is connected."
    assert waiting.why_it_waits(first) == stands
    assert waiting.why_it_waits(second) == f"1 person is before it. {stands}"
    assert waiting.why_it_waits(third) == f"2 people are before it. {stands}"


def test_who_came_back_to_the_queue_is_told_so(web: Inbox, ana: Agent) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    Project.objects.update(release_grace=dt.timedelta(microseconds=1))
    (console,) = ana.consoles.all()
    attending.leave(agent=ana, console_id=console.pk)
    assert releasing.release_vanished() == [conversation]
    assert waiting.why_it_waits(
        QueueEntry.objects.get(conversation=conversation, is_first=False)
    ) == ("It came back to the queue: its agent had to leave. None of its agents is connected.")


# Why this agent


def told(conversation: Conversation) -> tuple[str, str]:
    """What the agent reads, and what the supervisor reads."""
    span = Assignment.objects.select_related("agent__user").get(
        conversation=conversation, ended_at=None
    )
    return span.why, waiting.why_this_agent(span)


def test_the_only_one_ready_and_those_passed_over(web: Inbox) -> None:
    shop = web.project
    ana = ready(make_agent(shop, "Ana"))
    presence.arrive(agent=make_agent(shop, "Bruno"), session_key="b")
    ready(make_agent(shop, "Carla", capacity=0))
    make_agent(shop, "Diego", is_available=True)
    mine, theirs = told(write(web).conversation)
    assert mine == "You had 0 open conversations and were the only one ready."
    assert theirs.startswith("Ana had 0 open conversations and was the only one ready.")
    for who in ("Bruno (not available)", "Carla (full)", "Diego (not connected)"):
        assert who in theirs
    assert ana.assignments.get().reason["candidates"] == 1


def test_the_fewest_and_what_decides_a_tie(web: Inbox) -> None:
    """Ana takes the first of the tie, Bruno has the fewest for the second."""
    for name in ("Ana", "Bruno"):
        ready(make_agent(web.project, name))
    tie = "Others had as few: whoever has waited longest for a new one goes first."
    first, second = arrivals(web, 2)
    assert told(first) == (
        f"You had 0 open conversations, the fewest among 2 ready agents. {tie}",
        f"Ana had 0 open conversations, the fewest among 2 ready agents. {tie}",
    )
    assert told(second)[0] == "You had 0 open conversations, the fewest among 2 ready agents."
    assert "Bruno had 0" in told(second)[1]


def test_of_several_campaigns_only_its_own_agents_count(web: Inbox, support: Campaign) -> None:
    """The other campaign's agents are no candidates; a load counts all campaigns."""
    shop = web.project
    sales = Campaign.objects.create(project=shop, name="Sales")
    both = ready(make_agent(shop, "Both"))
    ready(make_agent(shop, "Seller", campaigns=[sales], capacity=0))
    write(make_inbox(sales))
    mine, theirs = told(write(web).conversation)
    assert mine == "You had 1 open conversation and were the only one ready."
    assert "Seller" not in theirs
    assert Assignment.objects.filter(agent=both).count() == 2


def test_after_a_return_the_reason_is_that_of_the_new_agent(web: Inbox, ana: Agent) -> None:
    ready(ana)
    (conversation,) = arrivals(web, 1)
    Project.objects.update(release_grace=dt.timedelta(microseconds=1))
    attending.leave(agent=ana, console_id=ana.consoles.get().pk)
    ready(make_agent(web.project, "Bruno"))
    releasing.release_vanished()
    assert told(conversation)[1] == (
        "Bruno had 0 open conversations and was the only one ready. "
        "Passed over: Ana (not connected)."
    )
    assert place_of(conversation) is None
