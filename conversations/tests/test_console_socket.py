"""The console's socket: presence, pushes, the beat; and strangers at its door (P-14, P-15)."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from agents.models import Agent, ConsoleSession, Screen
from contactcenter.testing import ready, write
from conversations import attending, heartbeat
from conversations.models import Inbox
from conversations.tests.sockets import Line, console

pytestmark = pytest.mark.django_db(transaction=True)


async def test_opening_connects_and_closing_disconnects(ana: Agent) -> None:
    line = await console(ana)
    assert (await line.connect())[0]
    assert await Agent.objects.connected().aget() == ana
    await line.disconnect()
    assert not await Agent.objects.connected().aexists()
    assert await Agent.objects.online().aget() == ana


async def test_a_process_knows_an_agents_tabs_and_forgets_them(ana: Agent, bruno: Agent) -> None:
    lines = [await console(agent) for agent in (ana, ana, bruno)]
    for line in lines:
        await line.connect()
    tabs = heartbeat.heartbeat().tabs
    assert {pk: len(sockets) for pk, sockets in tabs.items()} == {ana.pk: 2, bruno.pk: 1}
    for line in lines:
        await line.disconnect()
    assert not tabs


async def test_consoles_wait_at_the_door_while_many_sign_in(ana: Agent) -> None:
    """Those who are signing in get all there is: a thousand at once would all be late."""
    door, line = heartbeat.heartbeat().door, await console(ana)
    for _ in range(heartbeat.AT_ONCE):
        await door.acquire()
    await line.send_input({"type": "websocket.connect"})
    assert await line.receive_nothing(0.5)
    door.release()
    assert (await line.receive_output(5))["type"] == "websocket.accept"
    await line.disconnect()


async def gives_up(line: Line) -> None:
    await line.send_input({"type": "websocket.disconnect", "code": 1006})


async def is_killed(line: Line) -> None:
    """As daphne does with one that does not end."""
    line.future.cancel()


@pytest.mark.parametrize("goes", [gives_up, is_killed])
async def test_who_has_gone_at_the_door_is_not_let_in(
    ana: Agent, bruno: Agent, goes: Callable[[Line], Awaitable[None]]
) -> None:
    """Otherwise those who have given up are served before those who came again, in vain."""
    door, gone, line = heartbeat.heartbeat().door, await console(ana), await console(bruno)
    for _ in range(heartbeat.AT_ONCE):
        await door.acquire()
    for each in (gone, line):
        await each.send_input({"type": "websocket.connect"})
        assert await each.receive_nothing(0.2)
    await goes(gone)
    with contextlib.suppress(asyncio.CancelledError):
        await gone.wait()
    door.release()
    assert (await line.receive_output(5))["type"] == "websocket.accept"
    await line.disconnect()
    assert not door.locked()  # the turn of whoever went is somebody else's
    assert [each.agent_id async for each in ConsoleSession.objects.all()] == [bruno.pk]


async def test_opening_brings_in_the_queue(web: Inbox, ana: Agent) -> None:
    await Agent.objects.aupdate(is_available=True)
    ana.is_available = True
    conversation = (await sync_to_async(write)(web)).conversation
    line = await console(ana)
    await line.connect()
    push = await line.hear("push")
    assert f"conversation-{conversation.pk}" in push["html"]
    await line.disconnect()


async def test_a_push_carries_the_next_revision(web: Inbox, ana: Agent) -> None:
    line = await console(ana)
    await line.connect()
    await sync_to_async(attending.accept)(agent=ana)
    first = await line.hear("push")
    await sync_to_async(write)(web)
    second = await line.hear("push")
    assert second["revision"] == first["revision"] + 1
    assert (await Screen.objects.aget(pk=ana.pk)).revision >= second["revision"]
    await line.disconnect()


async def test_the_beat_tells_revision_and_figures(ana: Agent) -> None:
    await Screen.objects.acreate(agent=ana, revision=41)
    line = await console(ana)
    await line.connect()
    beat = await line.hear("beat", 15)
    assert beat["revision"] == 41
    assert beat["figures"]["online"] == 1
    await line.disconnect()


async def test_the_queues_figures_arrive_within_a_moment(web: Inbox, ana: Agent) -> None:
    """R14: no reload; at most one frame a second however much happens."""
    line = await console(ana)
    await line.connect()
    await line.hear("figures")
    for _ in range(3):
        await sync_to_async(write)(web)
    figures = await line.hear("figures")
    while figures["figures"]["queued"] < 3:
        figures = await line.hear("figures")
    assert 'data-testid="metric-queued"' in figures["html"]
    await line.disconnect()


async def test_without_a_session_the_door_is_4401(ana: Agent) -> None:
    line = await console(ana)
    await Session.objects.all().adelete()
    await line.connect()
    assert await line.close_code() == 4401


async def test_mallory_is_refused_at_anas_project(ana: Agent, mallory: Agent) -> None:
    slug = await sync_to_async(lambda: ana.project.slug)()
    for wrong in (slug, "no-such-project"):
        line = await console(mallory, slug=wrong)
        await line.connect()
        assert await line.close_code() == 4403


@pytest.mark.parametrize("origin", [b"https://evil.test", b"http://testserver.evil.test", None])
async def test_another_sites_page_cannot_open_it(ana: Agent, origin: bytes | None) -> None:
    line = await console(ana, origin=origin)
    await line.connect()
    assert await line.close_code() == 4403
    assert not await ConsoleSession.objects.aexists()


async def test_sign_out_closes_all_tabs_of_the_session_at_once(ana: Agent) -> None:
    line = await console(ana)
    await line.connect()
    await sync_to_async(attending.sign_out)(user=ana.user, session_key=line.session_key)
    assert await line.close_code() in {4401, 1000}  # told, or noticed by the heartbeat first
    assert not await Agent.objects.online().aexists()


async def test_nothing_comes_up_this_line(ana: Agent) -> None:
    line = await console(ana)
    await line.connect()
    await line.say(type="assign", conversation="all")
    assert (await line.hear("error"))["code"] == "down_only"
    assert await line.close_code() == 4400


async def test_an_open_console_keeps_its_lease(ana: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "RENEW_EVERY", 0.0)
    line = await console(ana)
    await line.connect()
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    await ConsoleSession.objects.aupdate(lease_until=long_ago)
    for _ in range(2):
        await line.hear("figures", 15) if not await is_connected(ana) else None
    assert await is_connected(ana)
    await line.disconnect()


async def is_connected(agent: Agent) -> bool:
    return await Agent.objects.filter(pk=agent.pk).connected().aexists()


async def test_the_eleventh_tab_replaces_the_first(ana: Agent) -> None:
    lines = [await console(ana) for _ in range(11)]
    for line in lines:
        await line.connect()
    assert await lines[0].close_code() == 4409
    for line in lines[1:]:
        await line.disconnect()


async def test_another_agents_pushes_do_not_come_here(web: Inbox, ana: Agent, bruno: Agent) -> None:
    await sync_to_async(ready)(ana)
    line = await console(bruno)
    await line.connect()
    await sync_to_async(write)(web, text="for Ana only")
    frames = []
    while not await line.receive_nothing(1.5):
        frames.append(await line.receive_from())
    assert "for Ana only" not in "".join(frames)
    await line.disconnect()
