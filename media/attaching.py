"""What happens to files alike in every chat: they are brought, checked, sent and discarded.

Whose they are and where they are seen is said by the chat's own verbs.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Any, Protocol, TypeVar

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from agents import publishing
from agents.models import Project
from media import uploads
from media.models import AttachedFile, MediaRule, Upload

Attached = TypeVar("Attached", bound=AttachedFile)

MOST_AT_ONCE = 50  # rung by one sweep
MOST_EXPIRED = 500  # discarded by one sweep


class Channel(Protocol):
    """Where a file is brought to, and what is taken there, by kind."""

    @property
    def project(self) -> Project: ...

    @property
    def rules(self) -> dict[str, MediaRule]: ...


class NotAttached(Exception):
    """A file is not theirs, not for here, not fit, or sent already."""


def receive(
    channel: Channel, kind: str, name: str, body: IO[bytes] | File, is_voice: bool
) -> Upload:
    """As `uploads.receive`, by the channel's rule for that kind, which it may not have: raises
    NotTaken then, too."""
    rule = channel.rules.get(kind)
    if rule is None:
        raise uploads.NotTaken("kind_not_taken", kind=kind)
    allowed = rule.for_voice if is_voice else rule.allowed
    return uploads.receive(project=channel.project, allowed=allowed, name=name, body=body)


def keep(brought: Attached, task: str) -> Attached:
    """Store it and its upload in the caller's transaction; then that task checks it."""
    brought.upload.save(force_insert=True)
    brought.upload_id = brought.upload.pk
    brought.save(force_insert=True)
    transaction.on_commit(partial(_ring, task, brought.upload.pk), robust=True)
    return brought


def inspect(
    upload_id: uuid.UUID, task: str, files: QuerySet[Attached], show: Callable[[Attached], None]
) -> Upload | None:
    """Check it and show whose it is; None when there is no verdict now."""
    upload = uploads.inspect(upload_id)
    if upload is None:
        if uploads.due().filter(pk=upload_id).exists():  # it ended its checker: another try
            _ring(task, upload_id)
        return None
    with transaction.atomic():
        # Locked first: a message it goes with at this moment either is seen here, or sees this.
        owner = files.select_for_update(of=("self",)).filter(upload=upload).first()
        if not uploads.decide(upload):
            return None
        if owner:
            show(owner)
        return upload


def attach(message: Any, files: QuerySet[Attached], wanted: Sequence[uuid.UUID]) -> list[Attached]:
    """These of the files go with that message, in this order; the caller stores it.

    Raises NotAttached when one is not among them. Locked: of two at once, one finds nothing.
    """
    if not wanted:
        return []
    theirs = files.filter(upload__in=wanted).select_for_update(of=("self",)).order_by("pk")
    found = {one.upload_id: one for one in theirs}
    if len(found) < len(wanted):
        raise NotAttached
    for position, upload_id in enumerate(wanted):
        found[upload_id].message, found[upload_id].position = message, position
    return list(found.values())


def sweep(waiting: QuerySet[Upload], task: str) -> int:
    """Ring for what waits and nobody is checking: a doorbell was missed, a worker killed."""
    found = list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for upload_id in found:
        _ring(task, upload_id)
    return len(found)


def discard(file: AttachedFile, unsent: QuerySet[Any]) -> bool:
    """One of those that were not sent, and its upload; False when it was sent at that moment."""
    with transaction.atomic():
        if not unsent.filter(pk=file.pk).delete()[0]:
            return False
        uploads.discard(Upload.objects.filter(pk=file.upload_id))
        return True


def expire(unsent: QuerySet[Any]) -> int:
    """Discard those that have waited too long for being sent; how many."""
    since = Now() - dt.timedelta(hours=settings.UNSENT_FILES_HOURS)
    old = unsent.filter(upload__created_at__lt=since)
    return sum(discard(file, unsent) for file in old[:MOST_EXPIRED])


def _ring(task: str, upload_id: uuid.UUID) -> None:
    publishing.ring(task, str(upload_id))
