"""Files at the console's doors: brought, checked and sent by an agent without a browser."""

import uuid

import pytest
from django.http import HttpResponse

from agents.models import Agent
from contactcenter.testing import ready, write
from conversations import filing
from conversations.models import Attachment, Conversation, Inbox
from conversations.tests.desks import sign_in
from media.tests.making import sent


@pytest.fixture
def held(web: Inbox, ana: Agent) -> Conversation:
    ready(ana)
    return write(web).conversation


def home(agent: Agent) -> str:
    return f"/p/{agent.project.slug}/"


def post(agent: Agent, conversation: Conversation, /, **changes: object) -> HttpResponse:
    form = {"kind": "image", "conversation": str(conversation.pk), "file": sent(), **changes}
    form = {name: value for name, value in form.items() if value is not None}
    return sign_in(agent).post(
        f"{home(agent)}uploads/", form, headers={"X-Requested-With": "fetch"}
    )


def bring(agent: Agent, conversation: Conversation, /, **changes: object) -> Attachment:
    answer = post(agent, conversation, **changes)
    assert answer.status_code == 201, answer.text
    return Attachment.objects.select_related("upload").latest("pk")


def checked(attachment: Attachment) -> Attachment:
    assert filing.inspect(attachment.upload_id)
    attachment.upload.refresh_from_db()
    return attachment


def send(
    agent: Agent, conversation: Conversation, *uploads: object, **changes: object
) -> HttpResponse:
    form = {"id": str(uuid.uuid4()), "upload": [str(each) for each in uploads], **changes}
    return sign_in(agent).post(
        f"{conversation.get_absolute_url()}messages/", form, headers={"HX-Request": "true"}
    )
