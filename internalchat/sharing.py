"""Files of internal chat: brought by an agent, checked, discarded. They go out with a post
(`posts.send`); bytes, checks and verdicts are those of all files (`media.uploads`)."""

import uuid
from typing import IO

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet

from agents.models import Agent
from internalchat import broadcasts
from internalchat.models import PostFile
from internalchat.taking import Taken
from media import attaching, uploads
from media.models import Upload

INSPECT = "internalchat.tasks.inspect_file"


def bring(
    *, agent: Agent, kind: str, name: str, body: IO[bytes] | File, is_voice: bool = False
) -> PostFile:
    """An agent's file, for whichever colleague it is sent to; its check begins.

    Raises NotTaken, and `storing.Away`.
    """
    upload = attaching.receive(Taken(agent.project), kind, name, body, is_voice)
    with transaction.atomic():
        return attaching.keep(PostFile(upload=upload, agent=agent), INSPECT)


def inspect(upload_id: uuid.UUID) -> Upload | None:
    """Check it, and say so to whoever brought it; None when there is no verdict now."""
    return attaching.inspect(upload_id, INSPECT, PostFile.objects.all(), _show)


def _show(brought: PostFile) -> None:
    broadcasts.show_file(PostFile.objects.select_related("upload__project").get(pk=brought.pk))


def sweep() -> int:
    """Ring for what nobody checks; how many."""
    return attaching.sweep(uploads.due().filter(postfile__isnull=False), INSPECT)


def discard(brought: PostFile) -> bool:
    """One that was not sent, and its upload; False when it was sent at that moment."""
    return attaching.discard(brought, _unsent())


def expire() -> int:
    """Discard what was never sent; how many."""
    return attaching.expire(_unsent())


def _unsent() -> QuerySet[PostFile]:
    return PostFile.objects.filter(message=None)
