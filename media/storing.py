"""Where the bytes of files lie: a folder or S3, each content once a project.

A blob's row is written before its bytes, and a blob nobody points to is removed under its row's
lock: whoever stores the same bytes at that moment waits, and writes them anew.
"""

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from agents.models import Project
from media.folder import Folder
from media.models import Blob, Upload

CHUNK = 256 * 1024
LEAST_ROOM = 200 * 1024 * 1024  # bytes free in the folder
UNUSED_FOR = dt.timedelta(hours=1)  # before nobody's bytes are removed

TOUCH = """
    INSERT INTO media_blob (project_id, sha256, size, touched_at) VALUES (%s, %s, %s, now())
    ON CONFLICT (project_id, sha256) DO UPDATE SET touched_at = now()
    RETURNING id, stored_at
"""


class Away(Exception):
    """The storage does not answer, or has not what it should: to be tried again."""


class Lost(Exception):
    """The storage answers, and these bytes are not there."""


def storage() -> Storage:
    return storages["uploads"]


@contextmanager
def reached() -> Iterator[None]:
    """Whatever keeps the storage from doing its work, as Away."""
    try:
        yield
    except (OSError, BotoCoreError, ClientError) as problem:
        raise Away(repr(problem)) from problem


@contextmanager
def found(blob: Blob) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as problem:
        raise Lost(blob.key) from problem


def keep(project: Project, body: IO[bytes] | File) -> Blob:
    """Store these bytes, unless the project has them already, and they are there. Raises Away.

    No database connection is held while they travel, except inside a transaction of the caller's.
    """
    sha256, size = digest(body)
    blob = Blob(project=project, sha256=sha256, size=size)
    with connection.cursor() as cursor:
        cursor.execute(TOUCH, [project.pk, sha256, size])
        blob.pk, blob.stored_at = cursor.fetchone()
    blob._state.adding = False
    give_back_connection()
    with reached():
        is_there = blob.stored_at is not None and storage().exists(blob.key)
        if not is_there:
            storage().save(blob.key, body if isinstance(body, File) else File(body))
    if blob.stored_at is None:
        Blob.objects.filter(pk=blob.pk).update(stored_at=Now())
    return blob


def digest(body: IO[bytes] | File) -> tuple[str, int]:
    """SHA-256 and size."""
    body.seek(0)
    found, size = hashlib.sha256(), 0
    while chunk := body.read(CHUNK):
        found.update(chunk)
        size += len(chunk)
    body.seek(0)
    return found.hexdigest(), size


def give_back_connection() -> None:
    """To the pool: others may use it while bytes travel."""
    if not connection.in_atomic_block:
        connection.close()


def fetch(blob: Blob, into: Path) -> None:
    """The bytes as a file. Raises Away and Lost."""
    with reached(), found(blob), storage().open(blob.key) as there, into.open("wb") as here:
        shutil.copyfileobj(there, here, CHUNK)


def read(blob: Blob, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` to before `stop`."""
    with storage().open(blob.key) as there:
        there.seek(start)
        while start < stop and (chunk := there.read(min(CHUNK, stop - start))):
            start += len(chunk)
            yield chunk


def presigned(blob: Blob, content_type: str, disposition: str) -> str:
    """Where the storage gives the bytes to whoever has this address, for a while (S3)."""
    headers = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
    there: Any = storage()
    return str(there.url(blob.key, parameters=headers))


def probe() -> None:
    """Raises Away when nothing can be kept now."""
    there: Any = storage()
    with reached():
        if isinstance(there, Folder):
            there.insist_on_room(LEAST_ROOM)
        else:
            there.connection.meta.client.head_bucket(Bucket=there.bucket_name)


def unused() -> Any:
    """Blobs that nothing has pointed to for a while."""
    here = OuterRef("pk")
    used = Upload.objects.filter(Q(original=here) | Q(shown=here) | Q(small=here))
    return Blob.objects.filter(~Exists(used), touched_at__lt=Now() - UNUSED_FOR)


def remove_unused(most: int = 500) -> int:
    """Returns how many. Raises Away; what was removed by then is."""
    removed = 0
    for pk in list(unused().values_list("pk", flat=True)[:most]):
        removed += _remove(pk)
    return removed


@transaction.atomic
def _remove(pk: int) -> int:
    # Locked first and looked at again in a statement of its own: what pointed to it meanwhile is
    # seen, what wants to point to it waits.
    if not Blob.objects.select_for_update().filter(pk=pk).exists():
        return 0
    blob = unused().filter(pk=pk).first()
    if blob is None:
        return 0
    with reached():
        storage().delete(blob.key)
    blob.delete()
    return 1
