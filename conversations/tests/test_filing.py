"""Files of conversations: brought, checked, sent with a message, discarded."""

import io
import uuid

import pytest
from PIL import Image

from agents.models import Agent
from contactcenter.testing import ready, write
from conversations import filing, inbound, outbound
from conversations.models import Attachment, Conversation, Identity, Inbox
from conversations.transcript import NotAttached
from media.models import Upload

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
