"""The promise about files (P-11), broken on purpose, and named."""

import datetime as dt
import uuid

import pytest
from django.db.models.functions import Now

from agents.models import Agent, Project
from contactcenter.testing import ready, write
from conversations import filing, outbound
from conversations.models import Attachment, Conversation, Inbox
from conversations.tests.breaking import broken, without
from media.models import Blob, Upload
from media.tests.making import sent

pytestmark = pytest.mark.django_db
MINUTES = dt.timedelta(minutes=1)
SAYS_HOW = "media_upload.upload_decided_says_how"


@pytest.fixture
def file(web: Inbox, ana: Agent) -> Upload:
    """Ana sent it to Lucía."""
    ready(ana)
    held = write(web).conversation
    attachment = filing.bring(agent=ana, conversation=held, kind="image", name="a.png", body=sent())
    filing.inspect(attachment.upload_id)
    outbound.send(
        agent=ana, conversation=held, client_id=uuid.uuid4(), uploads=[attachment.upload_id]
    )
    assert broken() == {}
    return Upload.objects.get()


def change(upload: Upload, **values: object) -> None:
    Upload.objects.filter(pk=upload.pk).update(**values)


def unchecked(upload: Upload, **values: object) -> None:
    Attachment.objects.update(message=None)
    change(upload, state="checking", decided_at=None, **values)


def test_one_that_nobody_checks(file: Upload) -> None:
    unchecked(file, created_at=Now() - 6 * MINUTES)
    assert broken() == {"files-get-a-verdict": [str(file.pk)]}


def test_one_that_waits_for_the_scanner_has_its_turn(file: Upload) -> None:
    unchecked(file, created_at=Now() - 60 * MINUTES, leased_until=Now())
    assert broken() == {}


def test_one_that_was_sent_before_it_was_checked(file: Upload) -> None:
    change(file, decided_at=Now() + MINUTES)
    assert list(broken()) == ["agents-send-checked-files"]
    change(file, state="refused", reason="damaged")
    assert list(broken()) == ["agents-send-checked-files"]


def test_one_that_is_refused_without_a_reason(file: Upload) -> None:
    without(SAYS_HOW)
    Attachment.objects.update(message=None)
    change(file, state="refused")
    assert broken() == {"decided-files-say-how": [str(file.pk)]}


@pytest.mark.parametrize("wrong", [{"type": ""}, {"reason": "damaged"}, {"decided_at": None}])
def test_one_that_is_ready_and_is_not(file: Upload, wrong: dict[str, object]) -> None:
    without(SAYS_HOW)
    change(file, **wrong)
    assert broken() == {"decided-files-say-how": [str(file.pk)]}


def test_one_whose_bytes_were_never_stored(file: Upload) -> None:
    Blob.objects.filter(pk=file.delivered.pk).update(stored_at=None)
    assert broken() == {"decided-files-say-how": [str(file.pk)]}


def test_one_in_another_conversations_message(web: Inbox, file: Upload) -> None:
    other: Conversation = write(web).conversation
    attachment = Attachment.objects.get()
    Attachment.objects.update(conversation=other)
    assert broken() == {"files-in-one-project": [f"attachment {attachment.pk}"]}


def test_only_the_project_asked_for(file: Upload, mallory: Agent) -> None:
    unchecked(file, created_at=Now() - 6 * MINUTES)
    assert broken(Project.objects.get(pk=mallory.project_id)) == {}
    assert list(broken(file.project)) == ["files-get-a-verdict"]
