"""Files of internal chat: brought by an agent, checked, discarded. They go out with a post
(`posts.send`); bytes, checks and verdicts are those of all files (`media.uploads`)."""

import datetime as dt
import uuid
from functools import partial
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models.functions import Now

from agents import publishing
from agents.models import Agent
from internalchat import broadcasts
from internalchat.models import PostFile
from internalchat.taking import Taken
from media import uploads
from media.models import Upload

INSPECT = "internalchat.tasks.inspect_file"
MOST_AT_ONCE = 50  # rung by one sweep


def bring(
    *, agent: Agent, kind: str, name: str, body: IO[bytes] | File, is_voice: bool = False
) -> PostFile:
    """An agent's file, for whichever colleague it is sent to; its check begins.

    Raises NotTaken, and `storing.Away`.
    """
    rule = Taken(agent.project).rules.get(kind)
    if rule is None:
        raise uploads.NotTaken("kind_not_taken", kind=kind)
    allowed = rule.for_voice if is_voice else rule.allowed
    upload = uploads.receive(project=agent.project, allowed=allowed, name=name, body=body)
    with transaction.atomic():
        upload.save(force_insert=True)
        brought = PostFile.objects.create(upload=upload, agent=agent)
        transaction.on_commit(partial(ring, upload.pk), robust=True)
    return brought


def ring(upload_id: uuid.UUID) -> None:
    publishing.ring(INSPECT, str(upload_id))


def inspect(upload_id: uuid.UUID) -> Upload | None:
    """Check it, and say so to whoever brought it; None when there is no verdict now."""
    upload = uploads.inspect(upload_id)
    if upload is None:
        return None  # what ended its checker is found by the next sweep
    with transaction.atomic():
        owner = PostFile.objects.select_related("upload__project").filter(upload=upload)
        brought = owner.select_for_update(of=("self",)).first()
        if not uploads.decide(upload):
            return None
        if brought:
            brought.upload = upload
            broadcasts.show_file(brought)
    return upload


def sweep() -> int:
    """Ring for what waits and nobody is checking; how many."""
    waiting = uploads.due().filter(post_file__isnull=False)[:MOST_AT_ONCE]
    for upload in waiting:
        ring(upload.pk)
    return len(waiting)


def discard(brought: PostFile) -> bool:
    """One that was not sent, and its upload; False when it was sent at that moment."""
    with transaction.atomic():
        if not PostFile.objects.filter(pk=brought.pk, post=None).delete()[0]:
            return False
        uploads.discard(Upload.objects.filter(pk=brought.upload_id))
    return True


def expire() -> int:
    """Discard what was never sent; how many."""
    since = Now() - dt.timedelta(hours=settings.UNSENT_FILES_HOURS)
    old = PostFile.objects.filter(post=None, upload__created_at__lt=since)
    return sum(discard(brought) for brought in old[:500])
