"""Small real files, and uploads of them."""

import io
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agents.models import Project
from media import uploads
from media.models import Upload
from media.rules import establish
from media.starting import WEB_CHAT


def pdf() -> bytes:
    """One empty page."""
    body, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page()
    made.save(body)
    return body.getvalue()


def png(colour: str = "teal", size: tuple[int, int] = (40, 30)) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, colour).save(body, "PNG")
    return body.getvalue()


def sent(name: str = "lamp.png", body: bytes | None = None) -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, png() if body is None else body)


def upload(project: Project, *, kind: str = "image", **what: Any) -> Upload:
    """Stored, and waiting for its verdict."""
    rule = establish(project)[WEB_CHAT].rules.get(kind=kind)
    made = uploads.receive(
        project=project,
        allowed=rule.allowed,
        name=what.get("name", "lamp.png"),
        body=io.BytesIO(what.get("body", png())),
    )
    made.save(force_insert=True)
    return made


def ready(project: Project, **what: Any) -> Upload:
    decided = uploads.inspect(upload(project, **what).pk)
    assert decided
    assert decided.is_ready, decided.reason
    return decided
