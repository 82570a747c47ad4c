"""A stored file as an answer: from here, by nginx, or by the storage itself."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

from media import ranges, storing
from media.folder import Folder
from media.models import Blob
from media.sandbox import POLICY


@dataclass(frozen=True)
class Served:
    """`type` and `name` as they leave; what is not `is_inline` leaves as attachment."""

    blob: Blob
    type: str
    name: str
    is_inline: bool

    @property
    def disposition(self) -> str:
        return content_disposition_header(not self.is_inline, self.name) or "inline"

    @property
    def content_type(self) -> str:
        return f"{self.type}; charset=utf-8" if self.type.startswith("text/") else self.type

    @property
    def etag(self) -> str:
        return f'"{self.blob.sha256}"'


def respond(request: HttpRequest, served: Served) -> HttpResponseBase:
    response = _answer(request, served)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"private, max-age={settings.FILE_LINK_SECONDS}"
    return response


def _answer(request: HttpRequest, served: Served) -> HttpResponseBase:
    if not isinstance(storing.storage(), Folder):
        return HttpResponseRedirect(
            storing.presigned(served.blob, served.content_type, served.disposition)
        )
    if served.etag in request.headers.get("If-None-Match", ""):
        return _with_headers(HttpResponse(status=304), served)
    if settings.ACCEL_PREFIX:
        response = HttpResponse(content_type=served.content_type)
        response.headers["X-Accel-Redirect"] = settings.ACCEL_PREFIX + quote(served.blob.key)
        return _with_headers(response, served)
    return _with_headers(_from_here(request, served), served)


def _with_headers(response: HttpResponseBase, served: Served) -> HttpResponseBase:
    response.headers["Content-Disposition"] = served.disposition
    response.headers["ETag"] = served.etag
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _from_here(request: HttpRequest, served: Served) -> HttpResponseBase:
    size = served.blob.size
    is_same = request.headers.get("If-Range", served.etag) == served.etag
    try:
        asked = ranges.wanted(request.headers.get("Range", ""), size) if is_same else None
    except ranges.Unsatisfiable:
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    start, stop = asked or (0, size)
    body = storing.read(served.blob, start, stop) if request.method == "GET" else iter(())
    streamed = StreamingHttpResponse(
        body, status=206 if asked else 200, content_type=served.content_type
    )
    streamed.headers["Content-Length"] = str(stop - start)
    if asked:
        streamed.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return streamed
