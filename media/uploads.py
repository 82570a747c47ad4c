"""A file comes in, is inspected, and is discarded.

Whoever shows it says so: these verbs know nothing of conversations.
"""

import dataclasses
import datetime as dt
import tempfile
import uuid
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

# What a verdict writes.
DECIDED = (
    *("reason", "figures", "lines", "format", "type", "converted", "width", "height", "seconds"),
    *("pages", "size", "shown_id", "small_id", "small_type"),
)
NOT_CHECKED = "could_not_check"  # the reason of what ended its checker each time
MOST_TRIES = 3
AGAIN = dt.timedelta(seconds=10)  # while the scanner or the storage is away


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
    """Check it, and keep the verdict; None when it is not decided now: somebody else is at it, it
    is decided already, or what is needed for it is away.

    A file is taken up at most three times: what ends its checker each time is refused.
    """
    upload = _take(upload_id)
    if upload is None:
        return None
    if upload.tries > MOST_TRIES:
        return _refuse(upload, NOT_CHECKED)
    with held(upload), tempfile.TemporaryDirectory(prefix="check-") as folder:
        try:
            return _inspect(upload, Path(folder))
        except (storing.Away, scanning.Away):
            _put_off(upload)
            return None
        except storing.Lost:
            return _give_up(upload)


def _take(upload_id: uuid.UUID) -> Upload | None:
    taken = due().filter(pk=upload_id).order_by()
    if not taken.update(leased_until=Now() + LEASE, tries=F("tries") + 1):
        return None
    return Upload.objects.select_related("project", "original").get(pk=upload_id)


def _put_off(upload: Upload) -> None:
    """It is not the file's fault: the try does not count."""
    mine = Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKING, tries=upload.tries)
    mine.update(leased_until=Now() + AGAIN, tries=F("tries") - 1)


def _give_up(upload: Upload) -> Upload | None:
    """The file cannot be had; it may be back at the next try, and after the last it never is."""
    if upload.tries >= MOST_TRIES:
        return _refuse(upload, NOT_CHECKED)
    mine = Upload.objects.filter(pk=upload.pk, tries=upload.tries)
    mine.update(leased_until=Now() + AGAIN)
    return None


def _inspect(upload: Upload, folder: Path) -> Upload | None:
    path, into = folder / "file", folder / "made"
    into.mkdir()
    storing.fetch(upload.original, path)
    if scanning.is_wanted():
        try:
            if found := scanning.scan(path):
                return _refuse(upload, "virus", found=found[:80])
        except scanning.TooLarge:
            return _refuse(upload, NOT_CHECKED)
    verdict = checks.check(path, upload.name, upload.rule, into)
    if verdict.reason == NOT_CHECKED and upload.tries < MOST_TRIES:
        _let_go(upload)
        return None
    return _decide(upload, verdict)


def _let_go(upload: Upload) -> None:
    """For another try."""
    Upload.objects.filter(pk=upload.pk, tries=upload.tries).update(leased_until=None)


def _decide(upload: Upload, verdict: Verdict) -> Upload | None:
    if not verdict.is_fine:
        return _refuse(upload, verdict.reason, verdict, **verdict.figures)
    made = {}
    for each in verdict.made:
        with each.path.open("rb") as body:
            made[each.role] = (storing.keep(upload.project, body), each)
    upload.shown, shown = made.get("shown", (None, None))
    upload.small, small = made.get("thumbnail") or made.get("poster") or (None, None)
    upload.small_type = small.type if small else ""
    upload.type, upload.format = verdict.type, verdict.format
    if shown:
        upload.type, upload.format = shown.type, _format_of(upload.kind, shown.type)
    upload.converted, upload.size = verdict.converted, upload.delivered.size
    return _keep(upload, verdict, state=Upload.State.READY)


def _format_of(kind: str, type_: str) -> str:
    """Of what was made and is delivered."""
    known = formats.FORMATS.items()
    return next(key for key, form in known if (form.kind, form.type) == (kind, type_))


def _refuse(
    upload: Upload, reason: str, verdict: Verdict | None = None, **figures: Any
) -> Upload | None:
    upload.reason, upload.figures = reason, figures
    return _keep(upload, verdict, state=Upload.State.REFUSED)


def _keep(upload: Upload, verdict: Verdict | None, *, state: str) -> Upload | None:
    """None: it took so long that somebody else was given it, or it was discarded."""
    if verdict:
        upload.format = upload.format or verdict.format
        upload.lines = [dataclasses.asdict(line) for line in verdict.lines]
        for name in ("width", "height", "seconds", "pages"):
            setattr(upload, name, getattr(verdict, name))
    values = {name: getattr(upload, name) for name in DECIDED}
    mine = Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKING, tries=upload.tries)
    if not mine.update(state=state, decided_at=Now(), leased_until=None, **values):
        return None
    upload.refresh_from_db(fields=["state", "decided_at", "leased_until"])
    return upload


def reopen(refused: QuerySet[Upload]) -> int:
    """They wait for their turn as on the first day; how many."""
    return refused.update(
        state=Upload.State.CHECKING, reason="", figures={}, decided_at=None, tries=0
    )


def discard(uploads: QuerySet[Upload]) -> int:
    """The rows; their bytes go when nobody points to them any more (`storing.remove_unused`)."""
    with transaction.atomic():
        return uploads.delete()[0]
