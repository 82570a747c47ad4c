"""Withdrawn rights act on open sockets within five seconds, and on pages at once (P-15)."""

import asyncio
import datetime as dt
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.test import Client

from agents.models import Agent, Project, User
from contactcenter.testing import (
    PASSWORD,
    holder_of,
    make_agent,
    make_project,
    make_supervisor,
    ready,
    write,
)
from conversations import staffing
from conversations.models import Inbox
from conversations.tests.sockets import Line, console

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "twelve purple lanterns"
BACKEND = "agents.backends.ModelBackend"
SLACK = 2.0  # seconds, for a busy machine


def signs_out(agent: Agent, line: Line) -> None:
    line.client.post("/logout/")


def session_is_deleted(agent: Agent, line: Line) -> None:
    Session.objects.filter(pk=line.session_key).delete()


def session_runs_out(agent: Agent, line: Line) -> None:
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Session.objects.filter(pk=line.session_key).update(expire_date=long_ago)


def user_is_deactivated(agent: Agent, line: Line) -> None:
    User.objects.filter(pk=agent.user_id).update(is_active=False)


def agent_is_deactivated(agent: Agent, line: Line) -> None:
    Agent.objects.filter(pk=agent.pk).update(is_active=False)


def role_is_removed(agent: Agent, line: Line) -> None:
    Agent.objects.filter(pk=agent.pk).update(is_agent=False)


def membership_is_deleted(agent: Agent, line: Line) -> None:
    agent.delete()


def membership_is_moved(agent: Agent, line: Line) -> None:
    Agent.objects.filter(pk=agent.pk).update(project=make_project("Viajes Lago"))


def password_is_changed_in_a_shell(agent: Agent, line: Line) -> None:
    """As manage.py changepassword does: nobody tells the sockets."""
    agent.user.set_password(NEW)
    agent.user.save()


def password_is_recovered(agent: Agent, line: Line) -> None:
    token = default_token_generator.make_token(agent.user)
    staffing.recover(user=agent.user, token=token, password=NEW)


def changed_in_the_profile_of_another_browser(agent: Agent, line: Line) -> None:
    client = Client()
    client.force_login(agent.user, backend=BACKEND)
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(f"{line.page}profile/password/", fields).status_code == 302


def sofia_sets_a_password(agent: Agent, line: Line) -> None:
    sofia = Client()
    sofia.force_login(make_supervisor(agent.project).user, backend=BACKEND)
    path = f"/admin/agents/user/{agent.user_id}/password/"
    assert sofia.post(path, {"new_password1": NEW, "new_password2": NEW}).status_code == 302


WAYS: dict[Callable[[Agent, Line], None], tuple[int, int]] = {
    signs_out: (4401, 302),
    session_is_deleted: (4401, 302),
    session_runs_out: (4401, 302),
    user_is_deactivated: (4401, 302),
    password_is_changed_in_a_shell: (4401, 302),
    password_is_recovered: (4401, 302),
    sofia_sets_a_password: (4401, 302),
    changed_in_the_profile_of_another_browser: (4401, 302),
    agent_is_deactivated: (4403, 403),
    role_is_removed: (4403, 403),
    membership_is_deleted: (4403, 404),
    membership_is_moved: (4403, 404),
}


@pytest.mark.breaks_promises  # moved to another project by hand, memberships and all
async def test_every_withdrawn_right_closes_its_socket_and_the_page_at_once(shop: Project) -> None:
    """All ways at one time, each with an agent of their own; Bruno, who keeps his, stays."""
    agents = {way: await sync_to_async(make_agent)(shop) for way in WAYS}
    lines = {way: await console(agent) for way, agent in agents.items()}
    bruno = await console(await sync_to_async(make_agent)(shop, "Bruno"))
    for line in (*lines.values(), bruno):
        assert (await line.connect())[0]
    async with asyncio.timeout(5 + SLACK + len(WAYS)):  # to withdraw takes its time, too
        answers = {
            way: await sync_to_async(page_after)(way, agents[way], lines[way]) for way in WAYS
        }
        closed = await asyncio.gather(*(lines[way].close_code(5 + SLACK) for way in WAYS))
    assert {way: (code, answers[way]) for way, code in zip(WAYS, closed, strict=True)} == WAYS
    assert await sync_to_async(page_of)(bruno) == 200
    while not await bruno.receive_nothing(0.2):
        assert (await bruno.receive_output())["type"] == "websocket.send"
    await bruno.disconnect()


def page_after(way: Callable[[Agent, Line], None], agent: Agent, line: Line) -> int:
    way(agent, line)
    return page_of(line)


def page_of(line: Line) -> int:
    return int(line.client.get(line.page).status_code)


async def test_a_socket_opened_with_a_session_that_is_over_is_refused(ana: Agent) -> None:
    for way in (signs_out, password_is_changed_in_a_shell):
        line = await console(ana)
        await sync_to_async(way)(ana, line)
        await line.connect()
        assert await line.close_code() == 4401


async def test_who_changes_their_own_password_comes_back_here_and_nowhere_else(
    shop: Project,
) -> None:
    """The session is a new one from then on; this browser has its cookie."""
    carla = await sync_to_async(make_agent)(shop, "Carla", is_supervisor=True)
    here, elsewhere = await console(carla), await console(carla)
    for line in (here, elsewhere):
        await line.connect()
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    answer = await sync_to_async(here.client.post)("/admin/password_change/", fields)
    assert answer.status_code == 302
    assert [await line.close_code() for line in (here, elsewhere)] == [4401, 4401]
    assert await sync_to_async(page_of)(here) == 200
    assert await sync_to_async(page_of)(elsewhere) == 302


async def test_of_a_campaign_that_was_taken_away_nothing_new_comes_and_what_is_held_stays(
    web: Inbox, ana: Agent
) -> None:
    await sync_to_async(ready)(ana)
    held = (await sync_to_async(write)(web)).conversation
    await ana.campaigns.aclear()
    await sync_to_async(staffing.refit)(project_id=ana.project_id)
    late = (await sync_to_async(write)(web)).conversation
    assert await sync_to_async(holder_of)(held) == ana
    assert await sync_to_async(holder_of)(late) is None
    line = await console(ana)
    await line.connect()
    page = await sync_to_async(line.client.get)(f"{line.page}c/{held.pk}/")
    assert page.status_code == 200
    await line.disconnect()
