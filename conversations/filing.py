"""Files of conversations: brought by an agent or a customer, checked, discarded.

They go out with a message (`outbound.send`, `inbound.receive`).
"""

import datetime as dt
import uuid
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Now

from agents.models import Agent, Project
from conversations import broadcasts, outbound
from conversations.models import Attachment, Conversation, Identity, Inbox
from media import attaching, storing, uploads
from media.models import Upload
from media.uploads import NotTaken

INSPECT = "conversations.tasks.inspect_attachment"
DAY = dt.timedelta(days=1)


def bring(
    *,
    agent: Agent,
    conversation: Conversation,
    kind: str,
    name: str,
    body: IO[bytes] | File,
    is_voice: bool = False,
) -> Attachment:
    """An agent's file for a conversation they hold; its check begins. What was said into a
    microphone just now `is_voice`.

    Raises NotYours, NotTaken, and `storing.Away`.
    """
    if not outbound.holds(agent, conversation):
        raise outbound.NotYours
    inbox = conversation.inbox
    upload = attaching.receive(inbox, kind, name, body, is_voice)
    brought = Attachment(upload=upload, inbox=inbox, conversation=conversation, agent=agent)
    with transaction.atomic():
        return attaching.keep(brought, INSPECT)


def receive(
    *,
    inbox: Inbox,
    identity: Identity,
    kind: str,
    name: str,
    body: IO[bytes] | File,
    is_voice: bool = False,
) -> Attachment:
    """A customer's file, before the message it goes with; its check begins.

    Raises NotTaken, also for more than a day's worth, and `storing.Away`.
    """
    size = body.seek(0, 2)
    _check_quota(identity, size)
    upload = attaching.receive(inbox, kind, name, body, is_voice)
    with transaction.atomic():
        # Two at once: one after the other, so that both are counted.
        Identity.objects.select_for_update(no_key=True).get(pk=identity.pk)
        _check_quota(identity, size)
        brought = Attachment(upload=upload, inbox=inbox, identity=identity)
        return attaching.keep(brought, INSPECT)


def _check_quota(identity: Identity, size: int) -> None:
    today = Attachment.objects.filter(identity=identity, upload__created_at__gt=Now() - DAY)
    sent = today.aggregate(files=Count("pk"), bytes=Sum("upload__size", default=0))
    is_too_many = sent["files"] >= settings.QUOTA_VISITOR_FILES
    if is_too_many or sent["bytes"] + size > settings.QUOTA_VISITOR_BYTES:
        raise NotTaken("quota")


def inspect(upload_id: uuid.UUID) -> Upload | None:
    """Check it and say so, wherever it is seen; None when there is no verdict now."""
    return attaching.inspect(upload_id, INSPECT, Attachment.objects.all(), _show)


def _show(attachment: Attachment) -> None:
    whole = Attachment.objects.select_related(
        "upload__project",
        "identity__contact",
        "message__agent__user",
        "message__conversation__contact",
    )
    broadcasts.show_file(whole.get(pk=attachment.pk))


def inspect_to_the_end(upload_id: uuid.UUID) -> Upload | None:
    """As often as it takes; None when what is needed is away, or somebody else is at it."""
    for _try in range(uploads.MOST_TRIES):
        if upload := inspect(upload_id):
            return upload
    return None


def again(project: Project | None, *, is_dry: bool = False) -> int:
    """What could not be checked waits for its turn once more; how many there are."""
    refused = Upload.objects.filter(state=Upload.State.REFUSED, reason=uploads.NOT_CHECKED)
    refused = refused.filter(project=project) if project else refused
    return refused.count() if is_dry else uploads.reopen(refused)


def sweep() -> int:
    """Ring for what nobody checks; how many."""
    return attaching.sweep(uploads.due().filter(attachment__isnull=False), INSPECT)


def discard(attachment: Attachment) -> bool:
    """One that was not sent, and its upload; False when it was sent at that moment."""
    return attaching.discard(attachment, _unsent())


def expire() -> tuple[int, int]:
    """Discard what was never sent, and bytes nobody points to; how many of each."""
    return attaching.expire(_unsent()), storing.remove_unused()


def _unsent() -> QuerySet[Attachment]:
    return Attachment.objects.filter(message=None)
