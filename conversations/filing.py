"""Files of conversations: brought by an agent or a customer, checked, discarded.

They go out with a message (`outbound.send`, `inbound.receive`).
"""

import datetime as dt
import uuid
from functools import partial
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Now

from agents import publishing
from agents.models import Agent, Project
from conversations import broadcasts, outbound
from conversations.models import Attachment, Conversation, Identity, Inbox
from media import storing, uploads
from media.models import Upload
from media.uploads import NotTaken

INSPECT = "conversations.tasks.inspect_attachment"
MOST_AT_ONCE = 50  # rung by one sweep
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
    upload = _receive(conversation.inbox, kind, name, body, is_voice)
    with transaction.atomic():
        return _keep(upload, inbox=conversation.inbox, conversation=conversation, agent=agent)


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
    upload = _receive(inbox, kind, name, body, is_voice)
    with transaction.atomic():
        # Two at once: one after the other, so that both are counted.
        Identity.objects.select_for_update(no_key=True).get(pk=identity.pk)
        _check_quota(identity, size)
        return _keep(upload, inbox=inbox, identity=identity)


def _receive(inbox: Inbox, kind: str, name: str, body: IO[bytes] | File, is_voice: bool) -> Upload:
    rule = inbox.rules.get(kind)
    if rule is None:
        raise NotTaken("kind_not_taken", kind=kind)
    allowed = rule.for_voice if is_voice else rule.allowed
    return uploads.receive(project=inbox.project, allowed=allowed, name=name, body=body)


def _check_quota(identity: Identity, size: int) -> None:
    today = Attachment.objects.filter(identity=identity, upload__created_at__gt=Now() - DAY)
    sent = today.aggregate(files=Count("pk"), bytes=Sum("upload__size", default=0))
    is_too_many = sent["files"] >= settings.QUOTA_VISITOR_FILES
    if is_too_many or sent["bytes"] + size > settings.QUOTA_VISITOR_BYTES:
        raise NotTaken("quota")


def _keep(upload: Upload, **whose: object) -> Attachment:
    upload.save(force_insert=True)
    attachment = Attachment.objects.create(upload=upload, **whose)
    _ring(upload.pk)
    return attachment


def _ring(upload_id: uuid.UUID) -> None:
    transaction.on_commit(partial(publishing.ring, INSPECT, str(upload_id)), robust=True)


def inspect(upload_id: uuid.UUID) -> Upload | None:
    """Check it and say so, wherever it is seen; None when there is no verdict now."""
    upload = uploads.inspect(upload_id)
    if upload is None:
        if uploads.due().filter(pk=upload_id).exists():  # it ended its checker: another try
            publishing.ring(INSPECT, str(upload_id))
        return None
    with transaction.atomic():
        # Locked first: a message it goes with at this moment either is seen here, or sees this.
        owner = Attachment.objects.select_for_update(of=("self",)).filter(upload=upload).first()
        if not uploads.decide(upload):
            return None
        if owner:
            broadcasts.show_file(_whole(owner))
        return upload


def _whole(attachment: Attachment) -> Attachment:
    whole = Attachment.objects.select_related(
        "upload__project",
        "identity__contact",
        "message__agent__user",
        "message__conversation__contact",
    )
    return whole.get(pk=attachment.pk)


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
    """Ring for what waits and nobody is checking: a doorbell was missed, a worker killed."""
    ours = uploads.due().filter(attachment__isnull=False)
    waiting = list(ours.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for upload_id in waiting:
        publishing.ring(INSPECT, str(upload_id))
    return len(waiting)


def discard(attachment: Attachment) -> bool:
    """One that was not sent, and its upload; False when it was sent at that moment."""
    with transaction.atomic():
        unsent = Attachment.objects.filter(pk=attachment.pk, message=None)
        if not unsent.delete()[0]:
            return False
        uploads.discard(Upload.objects.filter(pk=attachment.upload_id))
        return True


def expire() -> tuple[int, int]:
    """Discard what was never sent, and bytes nobody points to; how many of each."""
    since = Now() - dt.timedelta(hours=settings.UNSENT_FILES_HOURS)
    old = Attachment.objects.filter(message=None, upload__created_at__lt=since)
    discarded = sum(discard(attachment) for attachment in old[:500])
    return discarded, storing.remove_unused()
