"""Files of conversations, and two who want something of them at one instant."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models.functions import Now

from agents import live
from agents.models import Agent
from contactcenter.testing import at_once, make_agent, make_customer, make_project, ready, write
from conversations import filing, outbound
from conversations.models import Attachment, Conversation, Message
from conversations.tests.test_filing import bring, checked, png, said
from media.attaching import NotAttached
from media.models import Blob, Upload
from media.uploads import NotTaken

pytestmark = pytest.mark.django_db(transaction=True)


def desk() -> tuple[Agent, Conversation]:
    """Ana, and Lucía's conversation, which she holds."""
    web = make_project().inboxes.get()
    return ready(make_agent(web.project)), write(web).conversation


def goes_out(agent: Agent, attachment: Attachment) -> bool:
    message = {"client_id": uuid.uuid4(), "uploads": [attachment.upload_id]}
    try:
        outbound.send(agent=agent, conversation=attachment.conversation, **message)
    except NotAttached:
        return False
    return True


def test_sent_by_two_messages_at_once_it_goes_with_one() -> None:
    ana, held = desk()
    for _round in range(5):
        files = [checked(bring(ana, held)).pk for _ in range(3)]

        def send(order: int = 1, files: list[uuid.UUID] = files) -> Message | None:
            try:
                return outbound.send(
                    agent=ana, conversation=held, client_id=uuid.uuid4(), uploads=files[::order]
                )
            except NotAttached:
                return None

        found = at_once([send, partial(send, -1), send, partial(send, -1)])
        assert len([message for message in found if message]) == 1
    held.refresh_from_db()
    assert held.last_seq == held.messages.count() == 6


def test_sent_and_decided_at_once_its_bubble_is_never_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Either the message saw the verdict, or the verdict saw the message."""
    web = make_project().inboxes.get()
    ready(make_agent(web.project))
    held = write(web).conversation
    pushed: list[tuple[uuid.UUID, str]] = []
    monkeypatch.setattr(live, "tell_visitor", partial(note, pushed))
    for number in range(15):
        attachment = filing.receive(
            inbox=web, identity=held.identity, kind="document", name="a.txt", body=text(number)
        )
        at_once([partial(said, held, attachment), partial(filing.inspect, attachment.upload_id)])
        assert (attachment.upload_id, "ready") in pushed


def note(pushed: list[tuple[uuid.UUID, str]], identity_id: int, **frame: Any) -> None:
    for file in frame.get("files", []):
        pushed.append((uuid.UUID(file["id"]), file["state"]))


def text(number: int) -> io.BytesIO:
    return io.BytesIO(b"A line of text, number %d.\n" % number)


def test_sent_and_taken_back_at_once_it_is_one_of_both() -> None:
    ana, held = desk()
    for _round in range(10):
        attachment = bring(ana, held)
        checked(attachment)
        sent, taken_back = both(
            partial(goes_out, ana, attachment), partial(filing.discard, attachment)
        )
        assert sent != taken_back
        assert Upload.objects.filter(pk=attachment.upload_id).exists() == sent


def both(first: Callable[[], bool], second: Callable[[], bool]) -> tuple[bool, bool]:
    """At once; what each said."""
    found = dict(at_once([lambda: (1, first()), lambda: (2, second())]))
    return found[1], found[2]


def test_a_days_worth_is_not_exceeded_by_many_at_once(settings: Any) -> None:
    settings.QUOTA_VISITOR_FILES = 3
    web = make_project().inboxes.get()
    lucia = make_customer(web)

    def receive() -> bool:
        try:
            filing.receive(inbox=web, identity=lucia, kind="image", name="a.png", body=png())
        except NotTaken:
            return False
        return True

    assert sum(at_once([receive] * 8)) == 3
    assert Attachment.objects.filter(identity=lucia).count() == 3


def test_taken_back_and_decided_at_once_nothing_is_left() -> None:
    ana, held = desk()
    for number in range(10):
        attachment = bring(ana, held, kind="document", name="a.txt", body=text(number))
        at_once(
            [partial(filing.inspect, attachment.upload_id), partial(filing.discard, attachment)]
        )
        assert not Attachment.objects.filter(pk=attachment.pk).exists()
        assert not Upload.objects.filter(pk=attachment.upload_id).exists()


def test_two_who_tidy_up_at_once_remove_each_once() -> None:
    """Beat rang twice; and what was sent stays, down to its bytes."""
    ana, held = desk()
    old = Now() - dt.timedelta(days=2)
    for number in range(5):
        for _same in range(2):
            bring(ana, held, kind="document", name="a.txt", body=text(number))
        kept = bring(ana, held, kind="document", name="a.txt", body=text(number))
        checked(kept)
        outbound.send(
            agent=ana, conversation=held, client_id=uuid.uuid4(), uploads=[kept.upload_id]
        )
        bring(ana, held, kind="document", name="a.txt", body=text(100 + number))
        Upload.objects.update(created_at=old)
        Blob.objects.update(touched_at=old)
        first, second = at_once([filing.expire, filing.expire])
        assert first[0] + second[0] == 3
        filing.expire()
        assert Attachment.objects.count() == number + 1
        assert Blob.objects.filter(pk=kept.upload.original_id).exists()
    assert Blob.objects.count() == 5


def test_tidied_up_and_sent_at_once_it_is_one_of_both() -> None:
    ana, held = desk()
    for number in range(10):
        attachment = bring(ana, held, kind="document", name="a.txt", body=text(number))
        checked(attachment)
        Upload.objects.update(created_at=Now() - dt.timedelta(days=2))
        sent, went = both(partial(goes_out, ana, attachment), lambda: bool(filing.expire()[0]))
        assert sent != went
