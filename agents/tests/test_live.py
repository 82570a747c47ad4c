"""Screens: one counter an agent, rendered once per language, sent after the commit only."""

import asyncio
from unittest.mock import Mock

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from agents import live, publishing
from agents.models import Agent, Screen
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """What would go to the channel layer; the rest is real."""
    published = Mock()
    monkeypatch.setattr(publishing, "publish", published)
    return published


WAITING = ("console/_remove.html", {"element_id": "conversation-1"})


def test_each_agent_gets_their_own_next_number(
    ana: Agent,
    bruno: Agent,
    sent: Mock,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Screen.objects.create(agent=bruno, revision=7)
    with django_capture_on_commit_callbacks(execute=True):
        live.push([ana.pk, bruno.pk], lambda agent_id: [WAITING])
    revisions = dict(Screen.objects.values_list("agent", "revision"))
    assert revisions == {ana.pk: 1, bruno.pk: 8}
    assert {call.args[0] for call in sent.call_args_list} == {
        live.agent_group(ana.pk),
        live.agent_group(bruno.pk),
    }


def test_it_is_rendered_once_per_language(
    ana: Agent,
    bruno: Agent,
    sent: Mock,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    carla = Agent.objects.create(
        user=bruno.user.__class__.objects.create(username="c"), project=ana.project
    )
    fragments = Mock(return_value=[WAITING])
    with django_capture_on_commit_callbacks(execute=True):
        live.push([ana.pk, bruno.pk, carla.pk], fragments)
    assert fragments.call_count == 2
    assert sent.call_count == 3


def test_nothing_is_told_of_what_was_rolled_back(ana: Agent, sent: Mock) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        live.push([ana.pk], lambda agent_id: [WAITING])
        raise RuntimeError
    assert not Screen.objects.filter(agent=ana).exists()
    assert sent.call_count == 0


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_are_two_numbers(ana: Agent, bruno: Agent, sent: Mock) -> None:
    def change() -> None:
        with transaction.atomic():
            live.push([bruno.pk, ana.pk], lambda agent_id: [WAITING])

    at_once([change] * 8)
    assert set(Screen.objects.values_list("revision", flat=True)) == {8}


@pytest.mark.django_db(transaction=True)
def test_a_fragment_that_fails_to_render_does_not_undo_the_change(ana: Agent, sent: Mock) -> None:
    with transaction.atomic():
        live.push([ana.pk], lambda agent_id: [("no/such.html", {})])
    assert Screen.objects.get(agent=ana).revision == 1  # the beat tells, the screen asks again


def test_publishing_is_bounded_and_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MOST_WAITING", 0)
    before = publishing.counts["dropped"]
    publishing.publish("agent.1", {"type": "frame", "text": ""})
    assert publishing.counts["dropped"] == before + 1


async def test_a_process_with_a_loop_publishes_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web process: a thread of its own would compete with the sockets."""
    monkeypatch.setattr(publishing, "_current", None)
    publishing.adopt()
    loops: list[asyncio.AbstractEventLoop] = []
    done = asyncio.Event()

    async def note() -> None:
        loops.append(asyncio.get_running_loop())
        done.set()

    publishing._loop().lanes["push"].submit(note)
    await asyncio.wait_for(done.wait(), 5)
    assert loops == [asyncio.get_running_loop()]


def test_all_changes_of_a_moment_are_one_mark_and_the_next_is_another(
    ana: Agent, mallory: Agent, sent: Mock
) -> None:
    """The mark leaves after the last of them: whoever hears it sees them all."""

    def marks() -> list[int]:
        return [call.args[1]["project"] for call in sent.call_args_list]

    for _ in range(5):
        live.mark_queue(ana.project_id)
    live.mark_queue(mallory.project_id)
    assert not marks()
    wait_until(lambda: sorted(marks()) == sorted([ana.project_id, mallory.project_id]), 5)
    live.mark_queue(ana.project_id)
    wait_until(lambda: marks().count(ana.project_id) == 2, 5)
