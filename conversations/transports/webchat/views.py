"""The customer's pages: the chat in the iframe and the script that puts it on a site."""

from functools import cache
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from conversations import access
from conversations.models import Inbox
from conversations.transports.webchat.language import language_of

ANYWHERE = "*"
LOADER = settings.BASE_DIR / "contactcenter" / "static" / "webchat" / "loader.js"


@require_safe
@never_cache
@xframe_options_exempt
def chat(request: HttpRequest, key: str) -> HttpResponse:
    """What the iframe shows; only the inbox's own sites may frame it."""
    with translation.override(language_of(request)):
        try:
            inbox = access.inbox_for(key)
        except Http404:
            response, framers = render(request, "webchat/missing.html", status=404), [ANYWHERE]
        else:
            context = {"inbox": inbox, "brand": inbox.public_title, "host": _host(request, inbox)}
            response, framers = render(request, "webchat/chat.html", context), _framers(inbox)
        response.headers["Content-Language"] = translation.get_language()
    # what django-csp's decorator sets, which only knows fixed values
    response._csp_replace = {"frame-ancestors": framers}  # type: ignore[attr-defined]
    return response


@require_safe
@cache_control(public=True, max_age=300)
def loader(request: HttpRequest, key: str) -> HttpResponse:
    """The launcher. It learns its inbox from its own address, so it is the same for all."""
    access.inbox_for(key)
    return HttpResponse(
        _loader_source(),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Access-Control-Allow-Origin": ANYWHERE,
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


@cache
def _loader_source() -> bytes:
    return LOADER.read_bytes()


def _framers(inbox: Inbox) -> list[str]:
    return [ANYWHERE] if ANYWHERE in inbox.origins else [SELF, *inbox.origins]


def _host(request: HttpRequest, inbox: Inbox) -> str:
    """The origin of the page around the iframe, "" unless the inbox allows it: the chat speaks
    to nobody else."""
    try:
        origin = urlsplit(request.GET.get("origin", ""))
    except ValueError:  # such as http://[
        return ""
    if origin.scheme not in {"http", "https"} or not origin.netloc:
        return ""
    address = f"{origin.scheme}://{origin.netloc}"
    own = f"{request.scheme}://{request.get_host()}"
    return address if {ANYWHERE, address} & {own, *inbox.origins} else ""
