"""Files of conversations: brought, checked, sent with a message, discarded."""

import datetime as dt
import io
import json
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from PIL import Image

from agents import publishing
from agents.models import Agent
from contactcenter.testing import (
    make_customer,
    order_status,
    ready,
    write,
)
from contactcenter.tests.stack import free_port
from conversations import closing, filing, inbound, outbound, transcript
from conversations.models import Attachment, Conversation, Identity, Inbox, Message
from media.attaching import NotAttached
from media.models import Blob, Upload

pytestmark = pytest.mark.django_db


def png(width: int = 40, height: int = 30, colour: str = "teal") -> io.BytesIO:
    body = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(body, "PNG")
    return body


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    """Lucía's, served by Ana."""
    ready(ana)
    return write(web).conversation


def bring(agent: Agent, conversation: Conversation, **what: object) -> Attachment:
    usual = {"kind": "image", "name": "lamp.png", "body": png()}
    return filing.bring(agent=agent, conversation=conversation, **usual | what)


def checked(attachment: Attachment) -> Upload:
    filing.inspect(attachment.upload_id)
    attachment.upload.refresh_from_db()
    return attachment.upload


def test_an_agents_picture_is_checked_and_goes_out_with_a_message(
    ana: Agent, held: Conversation
) -> None:
    attachment = bring(ana, held)
    assert attachment.upload.is_checking
    assert checked(attachment).is_ready
    message = outbound.send(
        agent=ana, conversation=held, client_id=uuid.uuid4(), uploads=[attachment.upload_id]
    )
    assert [each.upload for each in message.files] == [attachment.upload]


def test_what_is_not_checked_yet_is_not_sent_by_an_agent(ana: Agent, held: Conversation) -> None:
    attachment = bring(ana, held)
    with pytest.raises(NotAttached):
        outbound.send(
            agent=ana, conversation=held, client_id=uuid.uuid4(), uploads=[attachment.upload_id]
        )
    held.refresh_from_db()
    assert held.last_seq == 1


def test_a_customers_file_may_go_before_its_verdict(web: Inbox, lucia: Identity) -> None:
    attachment = filing.receive(
        inbox=web, identity=lucia, kind="image", name="lamp.png", body=png()
    )
    name = uuid.uuid4()
    incoming = inbound.Incoming(
        provider_id=f"x:{name}", text="", client_id=name, uploads=(attachment.upload_id,)
    )
    message = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    assert message.files[0].upload.is_checking
    assert checked(attachment).is_ready
    again = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    assert (again, again.files[0].upload.is_ready) == (message, True)


def test_a_file_is_no_word_of_thanks(web: Inbox, ana: Agent, held: Conversation) -> None:
    """It ended, and the grace runs: a picture is a matter of its own."""
    web.campaign.ending_grace = "1:00:00"
    web.campaign.save()
    closing.end(agent=ana, conversation=held, typification=order_status(web.project))
    attachment = theirs(held)
    message = said(held, attachment)
    assert message.conversation != held
    assert message.conversation.is_open


def test_it_comes_back_to_the_queue_with_its_file(web: Inbox, ana: Agent) -> None:
    """The first line of a new conversation, and one whose agent is gone."""
    lucia = make_customer(web)
    first = filing.receive(inbox=web, identity=lucia, kind="image", name="a.png", body=png())
    name = uuid.uuid4()
    incoming = inbound.Incoming(
        provider_id=str(name), client_id=name, text="Look", uploads=(first.upload_id,)
    )
    message = inbound.receive(inbox=web, identity=lucia, incoming=incoming)
    assert [each.upload_id for each in message.files] == [first.upload_id]


def theirs(conversation: Conversation) -> Attachment:
    return filing.receive(
        inbox=conversation.inbox,
        identity=conversation.identity,
        kind="image",
        name="hers.png",
        body=png(colour="red"),
    )


def said(conversation: Conversation, *attachments: Attachment) -> Message:
    name = uuid.uuid4()
    uploads = tuple(each.upload_id for each in attachments)
    incoming = inbound.Incoming(provider_id=str(name), client_id=name, text="", uploads=uploads)
    return inbound.receive(
        inbox=conversation.inbox, identity=conversation.identity, incoming=incoming
    )


def test_files_stay_in_the_order_they_were_given(held: Conversation) -> None:
    files = [theirs(held) for _ in range(4)]
    message = said(held, *reversed(files))
    shown, _more = transcript.newest(Conversation.objects.filter(pk=held.pk))
    for each in (message, shown[-1]):
        assert [one.upload_id for one in each.files] == [f.upload_id for f in reversed(files)]


def test_a_text_costs_no_statement_for_files(
    held: Conversation, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(3):  # a savepoint around it, because of this test
        write(held.inbox, held.identity, "Just words")


def test_what_was_never_sent_is_discarded_after_a_day(ana: Agent, held: Conversation) -> None:
    unsent, sent, young = bring(ana, held), theirs(held), bring(ana, held)
    said(held, sent)
    old = Now() - dt.timedelta(hours=25)
    Upload.objects.exclude(pk=young.upload_id).update(created_at=old)
    assert filing.expire() == (1, 0)
    kept = set(Attachment.objects.values_list("pk", flat=True))
    assert kept == {sent.pk, young.pk}
    assert not Upload.objects.filter(pk=unsent.upload_id).exists()
    Blob.objects.update(touched_at=old)
    used = {sent.upload.original_id, young.upload.original_id}
    filing.expire()
    assert set(Blob.objects.values_list("pk", flat=True)) == used


def test_the_sweep_rings_for_what_nobody_is_checking(
    ana: Agent, held: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = []
    monkeypatch.setattr(publishing, "ring", lambda task, name: rung.append(name))
    waiting, done = bring(ana, held), checked(bring(ana, held))
    filing.sweep()
    assert (str(waiting.upload_id) in rung, str(done.pk) in rung) == (True, False)


def test_inspect_uploads_checks_what_waits(
    ana: Agent, held: Conversation, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(ana, held)
    bring(ana, held, body=io.BytesIO(b"This is a text.\n"))
    call_command("inspect_uploads", "--dry-run", project=held.project.slug)
    assert "2 wait" in capsys.readouterr().out
    call_command("inspect_uploads", project=held.project.slug)
    assert "Checked 2: 1 ready, 1 refused." in capsys.readouterr().out
    call_command("inspect_uploads", "--json", project=held.project.slug)
    assert json.loads(capsys.readouterr().out) == {"waiting": 0, "again": 0, "found": {}}


def test_inspect_uploads_tries_again_what_could_not_be_checked(
    ana: Agent, held: Conversation, capsys: pytest.CaptureFixture[str]
) -> None:
    attachment = bring(ana, held)
    refused = {"state": "refused", "reason": "could_not_check", "decided_at": Now(), "tries": 3}
    Upload.objects.filter(pk=attachment.upload_id).update(**refused)
    call_command("inspect_uploads", "--again")
    assert "1 ready" in capsys.readouterr().out
    attachment.upload.refresh_from_db()
    assert attachment.upload.is_ready


def test_inspect_uploads_says_what_still_waits(
    ana: Agent, held: Conversation, settings: Any
) -> None:
    settings.MEDIA_SCAN_URL = f"clamd://127.0.0.1:{free_port()}"
    bring(ana, held)
    with pytest.raises(SystemExit):
        call_command("inspect_uploads")
