"""Strangers at internal chat, over HTTP and over the socket: a third agent of the project, an agent
of another one, a supervisor there, a customer. They learn nothing and change nothing."""

import json
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from agents.models import Agent, Project
from contactcenter.testing import make_agent, make_supervisor, order_status
from conversations.models import Inbox, Typification
from conversations.tests.sockets import Line, console, webchat
from conversations.transports.webchat import visitors
from internalchat import closing
from internalchat.models import DirectChat, Post
from internalchat.tests.writing import SECRET, internal, say, sign_in

pytestmark = pytest.mark.django_db


def addresses(chat: DirectChat) -> list[tuple[str, str]]:
    """Every way to a chat, with its methods."""
    page = chat.get_absolute_url()
    ways = [("get", page), ("get", f"{page}messages/"), ("get", f"{page}ending/")]
    ways += [("get", f"{internal(chat.project, 'history')}{chat.pk}/")]
    ways += [("get", f"{internal(chat.project, 'refresh')}?conversation={chat.pk}")]
    ways += [("get", f"{internal(chat.project, 'agents')}?conversation={chat.pk}")]
    return [
        *ways,
        *(("post", f"{page}{door}/") for door in ("messages", "typing", "reading", "ending")),
    ]


@pytest.mark.parametrize("who", ["third", "elsewhere", "supervisor", "customer"])
def test_a_stranger_learns_and_changes_nothing(
    web: Inbox, chat: DirectChat, mallory: Agent, who: str, shop: Project
) -> None:
    strangers = {
        "third": lambda: sign_in(make_agent(shop, "Third", is_supervisor=True)),
        "elsewhere": lambda: sign_in(mallory),
        "supervisor": lambda: sign_in(make_supervisor(mallory.project, "Olga")),
        "customer": lambda: with_token_of_a_customer(web),
    }
    client = strangers[who]()
    before = list(DirectChat.objects.values()), list(Post.objects.values())
    form = {"id": str(uuid.uuid4()), "text": "hi", "seq": "1", "comment": "mine"}
    form |= {"typification": str(order_status(shop).pk), "before": str(chat.posts.get().client_id)}
    for query in ("", f"agent={chat.first_id}", f"agent={chat.second_id}"):
        for method, path in addresses(chat):
            joined = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
            answer = getattr(client, method)(joined, form if method == "post" else None)
            assert answer.status_code == (302 if who == "customer" else 404), joined
            assert SECRET not in answer.text
    assert (list(DirectChat.objects.values()), list(Post.objects.values())) == before


def with_token_of_a_customer(web: Inbox) -> Client:
    """A real one, everywhere a token could be looked for."""
    token = visitors.new_token()
    visitors.find_or_create(web.project, token, name="Lucía", language="en")
    client = Client(headers={"authorization": f"Bearer {token}"})
    client.cookies["sessionid"] = client.cookies["token"] = token
    return client


@pytest.mark.django_db(transaction=True)
async def test_a_post_and_its_closing_reach_the_two_and_nobody_else(
    web: Inbox, chat: DirectChat, ana: Agent, bruno: Agent, mallory: Agent, shop: Project
) -> None:
    carla = await sync_to_async(make_agent)(shop, "Carla", is_supervisor=True)
    olga = await sync_to_async(make_agent)(mallory.project, "Olga", is_supervisor=True)
    theirs = [await console(agent) for agent in (ana, bruno)]
    strange = [await console(agent) for agent in (carla, mallory, olga)]
    lucia = webchat(web)
    for line in (*theirs, *strange, lucia):
        await line.connect()
    await lucia.hello()
    await sync_to_async(say)(ana, bruno, "only us")
    await sync_to_async(close)(chat, bruno)
    for line in theirs:
        frame = await line.hear("push")
        assert "only us" in frame["html"] and frame["conversation"] == str(chat.pk)
        assert "over and out" in (await line.hear("push"))["html"]
    for line in (*strange, lucia):
        await nothing_of_it(line, chat)
    for line in (*theirs, *strange, lucia):
        await line.disconnect()


def close(chat: DirectChat, agent: Agent) -> None:
    kind = order_status(chat.project)
    Typification.objects.filter(pk=kind.pk).update(name="over and out")
    kind.refresh_from_db()
    closing.close(agent=agent, chat=DirectChat.objects.get(pk=chat.pk), typification=kind)


async def nothing_of_it(line: Line, chat: DirectChat) -> None:
    """Figures may come; no push, no passing word and nothing of the two."""
    while not await line.receive_nothing(timeout=0.5):
        text = await line.receive_from()
        assert json.loads(text)["type"] not in {"push", "typing", "toast"}
        assert not any(part in text for part in ("only us", "over and out", str(chat.pk)))


@pytest.mark.django_db(transaction=True)
async def test_a_strangers_console_takes_no_frame_for_a_chat(
    chat: DirectChat, mallory: Agent, ana: Agent
) -> None:
    """The console's socket only tells: whatever is said into it changes nothing."""
    hers, his = await console(mallory), await console(ana)
    for line in (hers, his):
        await line.connect()
    before = await sync_to_async(lambda: list(DirectChat.objects.values()))()
    for kind in ("message", "post", "typing", "reading", "end", "close"):
        frame = {"conversation": str(chat.pk), "id": str(uuid.uuid4()), "text": "hi", "seq": 1}
        await hers.say(type=kind, **frame)
    assert not {"push", "typing"} & await his.heard(0.5)
    assert await sync_to_async(lambda: list(DirectChat.objects.values()))() == before
    assert await sync_to_async(Post.objects.count)() == 1
    for line in (hers, his):
        await line.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_typing_is_told_to_the_colleague_alone(
    chat: DirectChat, ana: Agent, bruno: Agent
) -> None:
    his = await console(bruno)
    await his.connect()
    hers = await sync_to_async(sign_in)(ana)
    answer = await sync_to_async(hers.post)(f"{chat.get_absolute_url()}typing/")
    assert answer.status_code == 204
    assert (await his.hear("typing"))["conversation"] == str(chat.pk)
    await his.disconnect()
