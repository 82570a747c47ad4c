"""`simulate_traffic`: made-up customers use the running product from outside, as real ones do."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from agents.models import Agent, Project
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_agent, make_project, ready
from contactcenter.tests.stack import Stack, database_url
from conversations.models import Conversation, QueueEntry
from conversations.simulation.traffic import Plan
from faults.proxy import Proxy

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def simulate(project: Project, url: str, *arguments: str) -> None:
    """In this process, for what ends before anything begins."""
    key = project.inboxes.get().key
    call_command("simulate_traffic", "--yes", "--inbox", key, "--address", url, *arguments)


def start(project: Project, url: str, words: str) -> subprocess.Popen[str]:
    """The command as a process of its own, to be disturbed."""
    doors = ["--inbox", project.inboxes.get().key, "--address", url, "--yes"]
    return subprocess.Popen(
        [sys.executable, "manage.py", "simulate_traffic", *doors, *words.split()],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "REDIS_PREFIX": settings.REDIS_PREFIX},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def shop_with(*names: str, capacity: int = 6) -> Project:
    shop = make_project(capacity=capacity)
    for name in names:
        make_agent(shop, name)
    return shop


def test_two_played_agents_serve_twelve_customers(stack: Stack) -> None:
    shop = shop_with("Ana", "Bruno", capacity=3)
    sessions = Session.objects.count()
    words = "--customers 12 --over 1 --agents 2 --thinking 0.1 --patience 60 --seed 3 --json"
    out, _ = start(shop, stack.url, words).communicate(timeout=120)
    result: dict[str, Any] = json.loads(out)
    assert result["whole"], result
    assert (result["attended"], result["left"], result["waiting"]) == (12, 0, 0)
    assert len(result["waits"]) == 12 and result["at_once"] < 12
    assert sum(share["assignments"] for share in result["work"]) == 12
    assert {share["name"] for share in result["work"]} == {"Ana", "Bruno"}
    assert all(share["most"] <= share["limit"] == 3 for share in result["work"])
    # What it says is what is there.
    assert Conversation.objects.filter(project=shop, ended_at=None).count() == 0
    assert Conversation.objects.filter(project=shop).count() == 12
    # The played agents went home.
    assert not Agent.objects.filter(project=shop, is_available=True).exists()
    assert not Agent.objects.filter(project=shop).online().exists()
    assert Session.objects.count() == sessions


def test_customers_whom_nobody_answers_lose_their_patience(stack: Stack) -> None:
    shop = shop_with("Ana")
    words = "--customers 4 --over 0 --patience 1"
    said, _ = start(shop, stack.url, words).communicate(timeout=120)
    assert "Nobody accepts conversations in Support now" in said
    assert "8 messages" not in said and "4 messages and 0 answers: none lost" in said
    outcomes = QueueEntry.objects.filter(project=shop).values_list("outcome", flat=True)
    assert list(outcomes) == ["abandoned"] * 4


def test_a_killed_web_process_loses_nothing_of_the_run(stack: Stack) -> None:
    shop = shop_with("Ana")
    words = "--customers 6 --over 2 --agents 1 --thinking 0.5 --lines 4 --seed 5 --json"
    run = start(shop, stack.url, words)
    wait_until(lambda: Conversation.objects.filter(project=shop).count() >= 3, 30)
    stack.processes["web1"].send_signal(signal.SIGKILL)
    stack.processes["web1"].wait()
    stack.start_web(1)
    out, _ = run.communicate(timeout=120)
    result = json.loads(out)
    assert result["missing"] == result["unseen"] == result["broken"] == []
    assert result["attended"] == 6


def test_stopped_with_ctrl_c_nobody_made_up_stays_behind(stack: Stack) -> None:
    shop = shop_with("Ana", capacity=2)
    run = start(shop, stack.url, "--customers 40 --over 20 --agents 1 --thinking 5")
    wait_until(lambda: Conversation.objects.filter(project=shop).count() >= 4, 30)
    run.send_signal(signal.SIGINT)
    out, problems = run.communicate(timeout=60)
    assert run.returncode == 0, out + problems
    assert "none lost, no promise broken" in out
    assert "Traceback" not in problems
    assert not Conversation.objects.filter(project=shop, ended_at=None).exists()
    assert not Agent.objects.filter(project=shop).online().exists()


def test_stopped_while_lines_are_bad_nobody_begins_afterwards(stack: Stack) -> None:
    """The first has a conversation, the others have no answer yet from the server when they leave;
    then it answers, and they must not say what they had wanted to."""
    shop = shop_with()
    with Proxy("to the web", ("127.0.0.1", stack.ports[0])) as line:
        address = f"http://localhost:{line.port}"
        run = start(shop, address, "--customers 12 --over 6 --patience 60 --seed 3")
        wait_until(lambda: Conversation.objects.filter(project=shop).exists(), 30)
        line.mode("hold", way="down")
        wait_until(lambda: len(line.lines) >= 6, 30)
        run.send_signal(signal.SIGINT)
        wait_until(lambda: Conversation.objects.filter(project=shop, ended_at=None).count() == 0, 5)
        before = Conversation.objects.filter(project=shop).count()
        line.mode()
        out, problems = run.communicate(timeout=60)
    assert run.returncode == 0, out + problems
    assert Conversation.objects.filter(project=shop).count() == before


def test_the_same_seed_gives_the_same_customers() -> None:
    plan = Plan(customers=30, over=60, lines=3, patience=60, thinking=4, seed=11)
    assert plan.stories() == plan.stories()
    arrivals = [story.arrives for story in plan.stories()]
    assert arrivals == sorted(arrivals) and arrivals[0] >= 0 and arrivals[-1] <= 60
    assert {len(story.lines) for story in plan.stories()} == {1, 2, 3}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--agents", "2"], "Only 0 agents of Support"),
        (["--address", "http://localhost:1"], "The product does not answer at"),
        (["--address", "nonsense"], "The product does not answer at"),
        (["--customers", "0"], "--customers"),
        (["--over", "soon"], "--over"),
    ],
)
def test_a_mistake_is_answered_by_a_sentence(
    stack: Stack, arguments: list[str], sentence: str
) -> None:
    shop = make_project()
    ready(make_agent(shop, "Ana"))  # who sits at her console is not played
    with pytest.raises(CommandError, match=sentence):
        simulate(shop, stack.url, *arguments)
    assert not Conversation.objects.filter(project=shop).exists()


def test_real_customers_are_not_mixed_with_made_up_ones_by_mistake(stack: Stack) -> None:
    shop = make_project()
    key = shop.inboxes.get().key
    with pytest.raises(CommandError, match="Say --yes if that is what you want"):
        call_command("simulate_traffic", "--inbox", key, "--address", stack.url)
    with pytest.raises(CommandError, match=f"There are: .*{key}"):
        call_command("simulate_traffic", "--inbox", "no-such-chat", "--yes")
