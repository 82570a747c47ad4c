"""What reaches whose screen of a note, of a mention, and of what goes along with a transfer."""

import uuid

import pytest
from asgiref.sync import sync_to_async

from agents import presence
from agents.models import Agent
from contactcenter.testing import at_once, holder_of, make_agent, order_status, ready, write
from conversations import closing, noting, transferring
from conversations.models import Conversation, Inbox
from conversations.tests.sockets import Line, console

pytestmark = pytest.mark.django_db


async def push(line: Line) -> str:
    return str((await line.hear("push"))["html"])


@pytest.mark.django_db(transaction=True)
async def test_a_note_comes_to_its_readers_and_a_mention_to_whom_it_names(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """Bruno may not see the conversation: he learns that he was named, not what was said."""
    await sync_to_async(ready)(ana)
    held = (await sync_to_async(write)(web)).conversation
    desks = {agent: await console(agent) for agent in (ana, bruno)}
    carla = await sync_to_async(make_agent)(web.project, "Carla")
    desks[carla] = await console(carla)
    for line in desks.values():
        await line.connect()
    name = uuid.uuid4()
    note = await sync_to_async(noting.write)(
        agent=ana, conversation=held, client_id=name, text="secret, @Bruno"
    )
    mine, his = await push(desks[ana]), await push(desks[bruno])
    assert f'id="note-{name}"' in mine and f'id="noted-{name}"' in mine and "secret" in mine
    assert 'id="mentioned"' not in mine
    assert "secret" not in his and "note-" not in his
    assert f'data-newest="{note.pk}"' in his and 'data-url=""' in his
    assert "Ana te mencionó" in his or "Ana mentioned you" in his
    await sync_to_async(noting.remove)(agent=ana, note=note)
    assert f'data-remove="note-{name}"' in await push(desks[ana])
    assert 'data-newest="0"' in await push(desks[bruno])
    assert await desks[carla].heard() <= {"figures"}
    for line in desks.values():
        await line.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_what_goes_along_with_a_transfer_stands_in_the_threads_of_before(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """Carla has served the same customer, and has that thread open."""
    carla = await sync_to_async(make_agent)(web.project, "Carla")
    await sync_to_async(ready)(carla)
    before = (await sync_to_async(write)(web)).conversation
    await sync_to_async(end)(before, carla)
    for agent in (ana, bruno):
        await sync_to_async(ready)(agent)
    held = (await sync_to_async(write)(web, before.identity, "Me again")).conversation
    line = await console(carla)
    await line.connect()
    await sync_to_async(pass_on)(held, "knows our prices")
    html = await push(line)
    assert "knows our prices" in html and f'data-into="lines-{held.contact_id}"' in html
    await line.disconnect()


def end(conversation: Conversation, agent: Agent) -> None:
    chosen = order_status(conversation.project)
    closing.end(agent=agent, conversation=conversation, typification=chosen)
    presence.declare(agent=agent, is_available=False)


def pass_on(conversation: Conversation, note: str) -> None:
    giver = holder_of(conversation)
    assert giver
    others = giver.project.agents.filter(is_available=True).exclude(pk=giver.pk)
    transferring.to_agent(agent=giver, conversation=conversation, taker=others.get(), note=note)


@pytest.mark.django_db(transaction=True)
def test_notes_and_a_transfer_at_one_instant_do_not_wait_for_each_other(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """Both raise Ana's and Bruno's screens: a transfer the taker's first."""
    before = None
    for agent in (ana, bruno):
        ready(agent)
        before = write(web, before and before.identity).conversation
        end(before, agent)
    assert before
    for agent in (ana, bruno):
        ready(agent)
    for _ in range(10):
        presence.declare(agent=bruno, is_available=False)
        held = write(web).conversation
        ready(bruno)
        notes = [
            lambda: noting.write(agent=ana, conversation=before, client_id=uuid.uuid4(), text="…")
        ] * 5
        at_once([*notes, lambda held=held: pass_on(held, "")])
        end(held, bruno)


@pytest.mark.django_db(transaction=True)
async def test_a_mention_leads_to_where_one_may_read_it(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    await sync_to_async(ready)(ana)
    held = (await sync_to_async(write)(web)).conversation
    line = await console(ana)
    await line.connect()
    await sync_to_async(noting.write)(
        agent=bruno, conversation=held, client_id=uuid.uuid4(), text="@Ana look", on_contact=True
    )
    html, address = await push(line), await sync_to_async(held.get_absolute_url)()
    assert f'data-url="{address}"' in html and "look" in html
    await line.disconnect()
