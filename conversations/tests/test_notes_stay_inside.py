"""Attack: a note on its way to a customer. It has none: not in what they are sent, and not in what
the code that speaks to them can reach."""

import ast
import json
import re
import uuid
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from agents.models import Agent, Project
from contactcenter.testing import holder_of, order_status, ready, write
from contactcenter.tests.doors import CONSOLE, doors, everything_of
from conversations import closing, noting, offering, releasing, transferring
from conversations.models import Conversation, Inbox, Message, Note
from conversations.tests.sockets import Line, webchat
from conversations.tests.test_releasing import goes_home

ROOT = Path(settings.BASE_DIR)
MARK = "Watzmann"  # stands in every note, and nowhere else
STAFF = re.compile(r"\bNote\b|\bnoting\b|\bnotebook\b|\bnotes?\b|\bnotes?_")

# What customers are spoken to with. Broadcasts speak to both: judged below.
CUSTOMERS = [
    *(ROOT / "conversations/transports").rglob("*.py"),
    *(
        ROOT / f"conversations/{name}.py"
        for name in ("inbound", "transcript", "leaving", "waiting", "filing", "frames")
    ),
    *(ROOT / f"conversations/{name}.py" for name in ("estimates", "heartbeat", "tasks")),
    ROOT / "conversations/models/message.py",
    *(ROOT / "templates/webchat").rglob("*.html"),
    *(ROOT / "contactcenter/static/js/webchat").rglob("*.js"),
    *(ROOT / "contactcenter/static/webchat").rglob("*.js"),
]


@pytest.mark.parametrize("path", CUSTOMERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_speaks_to_customers_knows_no_note(path: Path) -> None:
    code = path.read_text()
    if path.suffix == ".py":  # what runs, not what is said about it
        tree = ast.parse(code)
        code = " ".join(
            str(getattr(node, part))
            for node in ast.walk(tree)
            for part in ("id", "attr", "name", "module")
            if isinstance(getattr(node, part, None), str)
        )
    assert not STAFF.findall(code.replace("voice-note", ""))  # what a customer says aloud


def test_no_broadcast_speaks_of_notes_and_to_customers() -> None:
    paths = [ROOT / f"conversations/{name}.py" for name in ("broadcasts", "fragments")]
    body = [node for path in paths for node in ast.parse(path.read_text()).body]
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    names = {
        name: {getattr(n, "id", getattr(n, "attr", None)) for n in ast.walk(node)}
        for name, node in functions.items()
    }

    def reached(name: str, by: frozenset[str] = frozenset()) -> set[str]:
        near = (names[name] & set(names)) - by - {name}
        return names[name].union(*(reached(each, by | {name}) for each in near))

    to_customers = {name for name in names if "tell_visitor" in reached(name)}
    of_notes = {
        name for name in names if reached(name) & {"Note", "note", "NOTE", "NOTED", "MENTIONED"}
    }
    assert {"message_frame"} | to_customers > {"tell_state", "show_stored", "_tell_visitor"}
    assert of_notes == {"show_note", "drop_note", "note", "gone", "mentioned"}
    assert of_notes & (to_customers | {"message_frame"}) == set()


def test_a_note_is_no_message_and_no_message_leads_to_one() -> None:
    assert not issubclass(Note, Message)
    related = {field.related_model for field in Message._meta.get_fields() if field.is_relation}
    assert Note not in related
    assert Message not in {f.related_model for f in Note._meta.get_fields() if f.is_relation}


def test_the_box_for_notes_knows_nothing_of_answers_nor_they_of_it() -> None:
    console_js = ROOT / "contactcenter/static/js/console"

    def imports(name: str) -> set[str]:
        found = re.findall(r'from "\./([\w-]+)\.js"', (console_js / f"{name}.js").read_text())
        return set(found) | {far for near in found for far in imports(near)}

    answers = {"message-composer", "outbox", "unsent-bubbles", "typing-marks"}
    notes = {"note-composer", "note-outbox", "unsent-notes"}
    for name in notes:
        assert not imports(name) & answers, name
    for name in answers:
        assert not imports(name) & notes, name
    for name in ("note-composer", "note-outbox", "unsent-notes"):
        assert "messages/" not in (console_js / f"{name}.js").read_text()
    form = (ROOT / "templates/conversations/_note_form.html").read_text()
    assert re.findall(r'action="([^"]*)"', form) == ["{{ conversation.get_absolute_url }}notes/"]


class Ears:
    """Everything a customer's page is sent, as it came."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def listen(self, line: Line, until: str) -> None:
        """Up to the next frame of that type."""
        while True:
            self.heard.append(await line.receive_from(timeout=10))
            if json.loads(self.heard[-1])["type"] == until:
                return

    async def rest(self, line: Line) -> None:
        while not await line.receive_nothing(0.5):
            self.heard.append(await line.receive_from(timeout=5))


def note_by_door(agent: Agent, conversation: Conversation, about: str, text: str) -> None:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    form = {"id": str(uuid.uuid4()), "about": about, "text": f"{MARK} {text}"}
    page = client.post(f"{conversation.get_absolute_url()}notes/", form)
    assert page.status_code == 200 and MARK in page.text


def both(agent: Agent, conversation: Conversation, text: str) -> None:
    for about in ("conversation", "contact"):
        note_by_door(agent, conversation, about, text)


@pytest.mark.django_db(transaction=True)
async def test_no_frame_no_page_and_no_row_that_a_customer_meets_has_a_note(
    web: Inbox, ana: Agent, bruno: Agent
) -> None:
    """Written, named, taken back, passed on and offered with it; while served, waited for, ended,
    thanked and begun anew; with the line there, lost and opened again."""
    await sync_to_async(ready)(ana)
    ears, line = Ears(), webchat(web)
    await line.connect()
    await line.say(type="hello", token=None, name="Lucía", language="en")
    await ears.listen(line, "welcome")
    token = json.loads(ears.heard[-1])["token"]
    await line.say(type="message", id=str(uuid.uuid4()), text="Hello")
    await ears.listen(line, "ack")
    conversation = await Conversation.objects.select_related("project").aget()

    await sync_to_async(both)(ana, conversation, "@Bruno have a look")
    first = await Note.objects.select_related("project", "conversation", "agent").afirst()
    await sync_to_async(pass_on)(conversation, ana, bruno)
    await sync_to_async(both)(bruno, conversation, "@Ana, taken")
    await sync_to_async(there_and_back)(conversation, bruno, ana)
    await line.say(type="message", id=str(uuid.uuid4()), text="Are you there?")
    await ears.listen(line, "ack")
    await ears.rest(line)
    await line.disconnect()

    await sync_to_async(both)(bruno, conversation, "while the line was lost")
    for after in range(6):
        line = webchat(web)
        await line.connect()
        hello = {"token": token, "name": "", "language": "es", "after": after}
        await line.say(type="hello", conversation=str(conversation.pk), **hello)
        await ears.listen(line, "welcome")
        await line.disconnect()
    line = webchat(web)
    await line.connect()
    await line.say(type="hello", token=token, name="", language="en")
    await ears.listen(line, "welcome")
    await sync_to_async(noting.remove)(agent=ana, note=first)
    await sync_to_async(end)(conversation, bruno)
    await sync_to_async(both)(bruno, conversation, "after the end")
    await line.say(type="message", id=str(uuid.uuid4()), text="One more thing?")
    await ears.listen(line, "ack")
    await ears.rest(line)
    await line.disconnect()

    kinds = {json.loads(text)["type"] for text in ears.heard}
    assert {"welcome", "ack", "message", "state"} <= kinds
    assert [text for text in ears.heard if MARK in text] == []
    await sync_to_async(look_everywhere_else)(web)


def pass_on(conversation: Conversation, giver: Agent, taker: Agent) -> None:
    """The customer goes back to the queue, with a line that says so, and on to a colleague."""
    goes_home(giver)
    ready(taker)
    assert releasing.release_vanished() == [conversation]
    assert holder_of(conversation) == taker


def there_and_back(conversation: Conversation, giver: Agent, other: Agent) -> None:
    """A note goes along with a transfer, and with one that is an offer."""
    ready(other)
    transferring.to_agent(agent=giver, conversation=conversation, taker=other, note=f"{MARK} there")
    Project.objects.filter(pk=conversation.project_id).update(transfers_are_offers=True)
    conversation = Conversation.objects.get(pk=conversation.pk)
    for turn_down in (offering.refuse, offering.withdraw, None):
        made = transferring.to_agent(
            agent=other, conversation=conversation, taker=giver, note=f"{MARK} and back"
        )
        assert made
        if turn_down:
            turn_down(offer=made)
    offering.accept(agent=giver, offer=made)
    assert holder_of(conversation) == giver
    assert Note.objects.filter(text__startswith=MARK, text__endswith="back").count() == 1


def end(conversation: Conversation, agent: Agent) -> None:
    closing.end(
        agent=agent,
        conversation=conversation,
        typification=order_status(conversation.project),
    )


def look_everywhere_else(web: Inbox) -> None:
    """Every door that is open to everybody, and every table but the notes' own."""
    stranger = Client()
    for door in doors():
        if door.route.startswith((CONSOLE, "admin/")):
            continue
        parts = {"key": web.key, "uidb64": "MQ", "token": "x", "url": "x", "name": "x"}
        path = door.address(parts | {"upload_id": uuid.uuid4()})
        for query in ("", "?lang=es", "?origin=https://shop.example"):
            answer = stranger.get(path + query)
            body = b"".join(answer) if answer.streaming else answer.content
            assert MARK.encode() not in body, path
    rows = everything_of(web.project)
    assert {name for name, kept in rows.items() if MARK in str(kept)} == {"Note", "Offer"}


@pytest.mark.django_db
def test_an_answer_beside_a_note_is_sent_alone(web: Inbox, ana: Agent) -> None:
    """Whatever fields a note has, the door for answers does not read them, and the other way."""
    ready(ana)
    held = write(web).conversation
    client = Client()
    client.force_login(ana.user, backend="agents.backends.ModelBackend")
    form = {"id": str(uuid.uuid4()), "text": "hello", "about": "contact", "note": MARK}
    assert client.post(f"{held.get_absolute_url()}messages/", form).status_code == 200
    assert not Note.objects.exists()
    before = held.messages.count()
    form = {"id": str(uuid.uuid4()), "text": MARK, "author": "agent", "seq": "2", "mode": "reply"}
    assert client.post(f"{held.get_absolute_url()}notes/", form).status_code == 200
    assert held.messages.count() == before
