"""Static files, answered before Django: from memory, under a version that is in their address.

The version is a digest of all of them. Scripts and sheets name each other relatively, so who began
with one version gets all of that version, with no name rewritten; and because other contents have
another address, a browser keeps them for good. With DEBUG there is no version: every request reads
the file as it is now.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage

Application = Callable[[Any, Any, Any], Awaitable[None]]

VERSION = re.compile(r"[0-9a-f]{12}/")
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"  # kept, but asked about each time
# Named here and not by the machine's own list: a script of an unknown type is not run.
TYPES = mimetypes.MimeTypes()
for suffix, kind in {".js": "text/javascript", ".svg": "image/svg+xml"}.items():
    TYPES.add_type(kind, suffix)


@dataclass(frozen=True)
class StaticFile:
    name: str
    body: bytes

    @cached_property
    def kind(self) -> str:
        """Its Content-Type."""
        kind = TYPES.guess_type(self.name)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    @cached_property
    def tag(self) -> str:
        """Weak: the packed body and the plain one have the same."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @cached_property
    def packed(self) -> bytes:
        """Gzipped, or as it is where that saves nothing."""
        packed = gzip.compress(self.body, mtime=0)
        return packed if len(packed) < len(self.body) else self.body


def paths() -> dict[str, Path]:
    """Where each name lies; of two files with one name the first, as Django's finders have it."""
    found: dict[str, Path] = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.setdefault(name.replace("\\", "/"), Path(storage.path(name)))
    return found


@cache
def files() -> dict[str, StaticFile]:
    """All of them, as they were when this process first asked: a checkout that changes under a
    running process must not mix with what it serves."""
    return {name: StaticFile(name, path.read_bytes()) for name, path in sorted(paths().items())}


@cache
def version() -> str:
    digest = hashlib.sha256()
    for file in files().values():
        digest.update(f"{file.name}\0{len(file.body)}\0".encode() + file.body)
    return digest.hexdigest()[:12]


def find(name: str) -> StaticFile | None:
    if not settings.DEBUG:
        return files().get(name)
    path = paths().get(name)
    return StaticFile(name, path.read_bytes()) if path else None


class VersionedStorage(StaticFilesStorage):
    """`{% static %}` with the version."""

    def url(self, name: str | None) -> str:
        place = "" if settings.DEBUG else f"{version()}/"
        return super().url(f"{place}{name}")


class StaticFiles:
    """An ASGI application in front of `pages`, which also answers for names there are not."""

    def __init__(self, pages: Application) -> None:
        self.pages = pages

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        file, is_kept = self.asked_for(scope["path"])
        if file is None:
            await self.pages(scope, receive, send)
            return
        status, headers, body = answer(file, is_kept, scope["method"], dict(scope["headers"]))
        lines = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": body})

    def asked_for(self, path: str) -> tuple[StaticFile | None, bool]:
        """The file, and whether the address is that of its contents.

        While versions change, a page of the other process may ask here: it gets what there is.
        """
        if not path.startswith(settings.STATIC_URL):
            return None, False
        name = path.removeprefix(settings.STATIC_URL)
        if not (versioned := VERSION.match(name)):
            return find(name), False
        is_ours = not settings.DEBUG and versioned[0] == f"{version()}/"
        return find(name[versioned.end() :]), is_ours


def answer(
    file: StaticFile, is_kept: bool, method: str, asked: dict[bytes, bytes]
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for these request headers."""
    if method not in ("GET", "HEAD"):
        return 405, {"allow": "GET, HEAD", "content-length": "0"}, b""
    headers = {
        "cache-control": FOR_GOOD if is_kept else ASK_AGAIN,
        "etag": file.tag,
        "vary": "accept-encoding",
    }
    if file.tag.removeprefix("W/").encode() in asked.get(b"if-none-match", b""):
        return 304, headers, b""
    body = file.packed if b"gzip" in asked.get(b"accept-encoding", b"") else file.body
    if body is not file.body:
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    headers["content-type"] = file.kind
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = settings.SECURE_REFERRER_POLICY
    return 200, headers, b"" if method == "HEAD" else body
