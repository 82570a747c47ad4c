"""A file comes in, is inspected, and is discarded.

Whoever shows it says so: these verbs know nothing of conversations.
"""

import dataclasses
import datetime as dt
import json
import logging
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from agents.models import Project
from media import checks, names, scanning, storing
from media.checks import Allowed, Verdict, formats
from media.leases import LEASE, held
from media.models import Upload

logger = logging.getLogger(__name__)

# What a verdict writes.
DECIDED = (
    *("state", "reason", "figures", "lines", "format", "type", "converted", "size"),
    *("width", "height", "seconds", "pages", "shown_id", "small_id", "small_type"),
)
NOT_CHECKED = "could_not_check"  # the reason of what ended its checker each time
MOST_TRIES = 3
NOW, AWAY = dt.timedelta(0), dt.timedelta(seconds=10)  # when the scanner or the storage is away
MOST_NUMBER = 2**31


class NotTaken(Exception):
    """Refused before it was stored: a reason of `media.checks.reasons`, and its figures."""

    def __init__(self, reason: str, **figures: Any) -> None:
        super().__init__(reason)
        self.reason, self.figures = reason, figures


def receive(*, project: Project, allowed: Allowed, name: str, body: IO[bytes] | File) -> Upload:
    """Store the bytes and a row that waits for its verdict; the row is the caller's to save, in
    one transaction with what it belongs to.

    Raises NotTaken for what no check is needed for, and `storing.Away`.
    """
    size = body.seek(0, 2)
    if not size:
        raise NotTaken("empty")
    if size > allowed.most_bytes:
        raise NotTaken("too_big", bytes=size, most=allowed.most_bytes)
    return Upload(
        project=project,
        kind=allowed.kind,
        name=names.clean(name),
        size=size,
        allowed=allowed.as_json(),
        original=storing.keep(project, body),
    )


def due() -> QuerySet[Upload]:
    """What waits for its verdict and nobody is checking, oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    waiting = Upload.objects.filter(free, state=Upload.State.CHECKING)
    return waiting.order_by("created_at")


def inspect(upload_id: uuid.UUID) -> Upload | None:
    """Check it; None when that cannot be now: somebody else is at it, it is decided already, or
    what is needed for it is away. The verdict is not kept yet (`decide`).

    A file is taken up at most three times: what ends its checker each time is refused.
    """
    upload = _take(upload_id)
    if upload is None:
        return None
    if upload.tries > MOST_TRIES:
        return _refused(upload, NOT_CHECKED)
    try:
        with held(upload), tempfile.TemporaryDirectory(prefix="check-") as folder:
            return _inspect(upload, Path(folder))
    except storing.Lost:
        if upload.tries >= MOST_TRIES:
            return _refused(upload, NOT_CHECKED)
        _later(upload, AWAY)
    except (storing.Away, scanning.Away, OSError) as problem:
        # Not the file's fault (OSError: no room here, no process to be had): it is no try.
        logger.warning("%s is checked later: %r", upload.pk, problem)
        _later(upload, AWAY, tries=F("tries") - 1)
    return None


def decide(upload: Upload) -> bool:
    """Keep the verdict, in the transaction that shows it. False: it took so long that somebody
    else was given it, or it was discarded."""
    values = {name: getattr(upload, name) for name in DECIDED}
    return bool(_mine(upload).update(decided_at=Now(), leased_until=None, **values))


def _take(upload_id: uuid.UUID) -> Upload | None:
    taken = due().filter(pk=upload_id).order_by()
    if not taken.update(leased_until=Now() + LEASE, tries=F("tries") + 1):
        return None
    found = Upload.objects.select_related("project", "original").filter(pk=upload_id)
    return found.first()  # or it was discarded at this moment


def _mine(upload: Upload) -> QuerySet[Upload]:
    """While it is this try's."""
    checking = Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKING)
    return checking.filter(tries=upload.tries)


def _inspect(upload: Upload, folder: Path) -> Upload | None:
    path, into = folder / "file", folder / "made"
    into.mkdir()
    storing.fetch(upload.original, path)
    if scanning.is_wanted():
        try:
            if found := scanning.scan(path):
                return _refused(upload, "virus", found=found)
        except scanning.TooLarge:
            return _refused(upload, NOT_CHECKED)
    verdict = checks.check(path, upload.name, upload.rule, into)
    if verdict.walls_missing:
        _warn(verdict.walls_missing)
    if verdict.reason == NOT_CHECKED and upload.tries < MOST_TRIES:
        _later(upload, NOW)
        return None
    upload.lines = plain([dataclasses.asdict(line) for line in verdict.lines])
    upload.type, upload.format = verdict.type[:120], verdict.format[:12]
    for name in ("width", "height", "seconds", "pages"):
        setattr(upload, name, measure(getattr(verdict, name)))
    if not verdict.is_fine:
        return _refused(upload, verdict.reason, **verdict.figures)
    return _ready(upload, verdict)


@cache
def _warn(missing: tuple[str, ...]) -> None:
    """Once a process: each file would say the same."""
    what = ", ".join(missing)
    logger.warning("This machine lets a child that opens files keep: %s. See docs/files.md.", what)


def _later(upload: Upload, after: dt.timedelta, **values: Any) -> None:
    """For another try."""
    _mine(upload).update(leased_until=Now() + after, **values)


def _ready(upload: Upload, verdict: Verdict) -> Upload:
    made = {}
    for each in verdict.made:
        with each.path.open("rb") as body:
            made[each.role] = (storing.keep(upload.project, body), each)
    upload.shown, shown = made.get("shown", (None, None))
    upload.small, small = made.get("thumbnail") or made.get("poster") or (None, None)
    upload.small_type = small.type if small else ""
    if shown:
        upload.type, upload.format = shown.type, _format_of(upload.kind, shown.type)
    upload.converted, upload.size = verdict.converted, upload.delivered.size
    upload.state = Upload.State.READY
    return upload


def _format_of(kind: str, type_: str) -> str:
    """Of what was made and is delivered."""
    known = formats.FORMATS.items()
    return next(key for key, form in known if (form.kind, form.type) == (kind, type_))


def _refused(upload: Upload, reason: str, /, **figures: Any) -> Upload:
    upload.state, upload.reason, upload.figures = Upload.State.REFUSED, reason, plain(figures)
    return upload


def plain(found: Any) -> Any:
    """As PostgreSQL keeps it as JSON: a file may say NUL and infinity."""
    text = json.dumps(found).replace("\\u0000", "")
    return json.loads(text, parse_constant=lambda _name: None)


def measure(number: float | None) -> float | None:
    """None for what no column holds: a header may claim four billion pixels."""
    return number if number is not None and 0 <= number < MOST_NUMBER else None


def reopen(refused: QuerySet[Upload]) -> int:
    """They wait for their turn as on the first day; how many."""
    return refused.update(
        state=Upload.State.CHECKING, reason="", figures={}, decided_at=None, tries=0
    )


def discard(uploads: QuerySet[Upload]) -> int:
    """The rows; their bytes go when nobody points to them any more (`storing.remove_unused`)."""
    with transaction.atomic():
        return uploads.delete()[0]
