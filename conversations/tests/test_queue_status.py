"""`queue_status` and `rebalance`: what an operator sees and sets right."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agents import presence
from agents.models import Agent, Campaign, ConsoleSession, Project
from contactcenter.testing import arrivals, holder_of, make_agent, ready
from conversations import waiting
from conversations.models import Inbox

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def line(project: Project, campaign: str = "Support") -> dict[str, Any]:
    (answer,) = json.loads(run("queue_status", "--json", "--project", project.slug))["projects"]
    return next(row for row in answer["campaigns"] if row["name"] == campaign)


def test_who_waits_and_who_could_serve_them(shop: Project, web: Inbox, ana: Agent) -> None:
    Agent.objects.filter(pk=ana.pk).update(capacity=2)
    ready(ana)
    arrivals(web, 5)
    support = line(shop)
    assert (support["waiting"], support["free_slots"]) == (3, 0)
    assert 0 <= support["longest_seconds"] < 60
    assert support["agents"] == [{"name": "Ana", "state": "full", "load": 2, "limit": 2}]


def test_free_slots_are_those_of_ready_agents(shop: Project, ana: Agent, bruno: Agent) -> None:
    """Bruno's do not count: he is connected and does not accept."""
    ready(ana)
    presence.arrive(agent=bruno, session_key="b")
    support = line(shop)
    assert support["free_slots"] == 6
    states = {agent["name"]: agent["state"] for agent in support["agents"]}
    assert states == {"Ana": "ready", "Bruno": "not_available"}


def test_nobody_waits_so_there_is_no_why(shop: Project, ana: Agent) -> None:
    assert (line(shop)["why"], line(shop)["longest_seconds"]) == ("", None)


def test_why_no_agent_is_in_the_campaign(shop: Project, web: Inbox) -> None:
    arrivals(web, 1)
    assert line(shop)["why"] == "No agent is in this campaign."


def test_why_none_is_connected(shop: Project, web: Inbox, ana: Agent) -> None:
    arrivals(web, 1)
    assert line(shop)["why"] == "None of its agents is connected."


def test_why_none_accepts(shop: Project, web: Inbox, ana: Agent) -> None:
    presence.arrive(agent=ana, session_key="a")
    arrivals(web, 1)
    assert line(shop)["why"] == "1 agent is connected, and does not accept conversations."


def test_why_all_are_full(shop: Project, web: Inbox) -> None:
    for name in ("Ana", "Bruno"):
        ready(make_agent(shop, name, capacity=1))
    arrivals(web, 3)
    assert line(shop)["why"] == "All 2 available agents are full."


def test_an_agent_of_another_campaign_helps_nobody(shop: Project, web: Inbox) -> None:
    sales = Campaign.objects.create(project=shop, name="Sales")
    ready(make_agent(shop, "Bruno", campaigns=[sales]))
    arrivals(web, 1)
    assert line(shop)["why"] == "No agent is in this campaign."
    assert line(shop, "Sales")["free_slots"] == 6


def test_the_table_says_the_same(shop: Project, web: Inbox, ana: Agent) -> None:
    arrivals(web, 2)
    said = run("queue_status", "--project", shop.slug)
    assert "Support" in said
    assert "The first one in Support waits: None of its agents is connected." in said
    assert said.splitlines()[-1] == "2 waiting in 1 project(s)."


def test_another_projects_queue_is_not_in_it(web: Inbox, mallory: Agent) -> None:
    arrivals(web, 2)
    assert line(mallory.project)["waiting"] == 0


def test_an_unknown_project_is_a_sentence(shop: Project) -> None:
    with pytest.raises(CommandError, match=f"nowhere. There are: {shop.slug}"):
        run("queue_status", "--project", "nowhere")


def test_long_queues_cost_no_more_questions(
    shop: Project, web: Inbox, ana: Agent, django_assert_num_queries: Any
) -> None:
    arrivals(web, 8)
    with django_assert_num_queries(6):
        waiting.lines(shop)


def test_rebalance_gives_out_what_waits(shop: Project, web: Inbox, ana: Agent) -> None:
    (conversation,) = arrivals(web, 1)
    ready(ana)
    assert run("rebalance").strip() == "Assigned 1."
    assert holder_of(conversation) == ana
    assert json.loads(run("rebalance", "--json")) == {
        "assigned": 0,
        "expired": [],
        "released": [],
        "left": [],
        "missed": [],
        "unanswered": [],
        "warned": [],
        "silent": [],
        "wrapped_up": 0,
    }


def test_rebalance_names_whom_it_turned_off(shop: Project, ana: Agent) -> None:
    """Gone longer than the project's grace."""
    ready(ana)
    long_ago = ana.available_since - 2 * shop.release_grace
    ConsoleSession.objects.update(lease_until=long_ago, online_until=long_ago)
    Agent.objects.filter(pk=ana.pk).update(available_since=long_ago)
    assert run("rebalance").strip() == "Assigned 0. Not available any more: Ana."
