"""Small real files, and uploads of them."""

import io
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

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


def png(colour: str = "teal", comment: str = "") -> bytes:
    body, words = io.BytesIO(), PngInfo()
    if comment:
        words.add_text("Comment", comment)
    Image.new("RGB", (40, 30), colour).save(body, "PNG", pnginfo=words)
    return body.getvalue()


def noise(side: int) -> bytes:
    """A square picture that nothing can make small: heavy to check."""
    body = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(body, "PNG", compress_level=1)
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
    assert uploads.decide(decided)
    return decided
