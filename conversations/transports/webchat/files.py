"""A visitor's files over HTTP (contract.md): with the token that only their browser knows."""

import math
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agents import limits
from conversations import access, file_access, filing, frames
from conversations.models import Identity, Inbox
from conversations.transports.webchat import form, visitors
from conversations.transports.webchat.language import language_of
from media import refusals, storing
from media.models import FileKind
from media.starting import MOST_FROM_WIDGET
from media.uploads import NotTaken

View = Callable[..., HttpResponse]


class Problem(Exception):
    """What a page is answered instead of its file."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, str(detail)


def visitor_door(view: View) -> View:
    """An open chat, asked from a page that may show it, in that page's language, not too fast."""

    @wraps(view)
    @csrf_exempt
    @never_cache
    def door(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        inbox = access.inbox_for(key)
        with translation.override(language_of(request)):
            try:
                is_asking = request.method == "OPTIONS"
                response = HttpResponse(status=204) if is_asking else view(request, inbox, **kwargs)
            except Problem as problem:
                said = {"code": problem.code, "detail": problem.detail}
                response = JsonResponse(said, status=problem.status)
        return with_origin(response, request, inbox)

    return door


def with_origin(response: HttpResponse, request: HttpRequest, inbox: Inbox) -> HttpResponse:
    """Pages of the inbox's own sites may read the answer: the token is in no cookie."""
    origin = request.headers.get("Origin", "")
    if {"*", origin} & set(inbox.origins):
        response.headers["Access-Control-Allow-Origin"] = origin or "*"
        response.headers["Access-Control-Allow-Headers"] = "authorization, accept-language"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        response.headers["Access-Control-Max-Age"] = "600"
    response.headers["Vary"] = "Origin"
    return response


@visitor_door
@require_http_methods(["POST"])
def create(request: HttpRequest, inbox: Inbox) -> HttpResponse:
    token = token_of(request)
    not_too_fast(request, token)
    body, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if body is None or kind not in FileKind.values:
        raise refused("no_file", {})
    if (body.size or 0) > MOST_FROM_WIDGET:
        raise refused("too_big", {"bytes": body.size, "most": MOST_FROM_WIDGET})
    identity = whose(inbox, token)
    try:
        attachment = filing.receive(
            inbox=inbox,
            identity=identity,
            kind=kind,
            name=body.name or "",
            body=body,
            is_voice="voice" in request.POST,
        )
    except NotTaken as problem:
        raise refused(problem.reason, problem.figures) from None
    except storing.Away:
        sentence = _("Files cannot be kept at the moment. Try again in a minute.")
        raise Problem(503, "storage_away", sentence) from None
    return JsonResponse(frames.file_frame(attachment.upload, identity.pk), status=201)


@visitor_door
@require_http_methods(["GET", "DELETE"])
def upload(request: HttpRequest, inbox: Inbox, upload_id: uuid.UUID) -> HttpResponse:
    identity = visitors.find(inbox.project, token_of(request))
    attachment = file_access.attachment_of(identity, inbox, upload_id)
    if request.method == "GET":
        return JsonResponse(frames.file_frame(attachment.upload, identity.pk if identity else 0))
    if attachment.identity != identity:
        raise Http404
    if not filing.discard(attachment):
        raise Problem(409, "sent", _("This file has been sent already."))
    return HttpResponse(status=204)


def token_of(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not visitors.is_token(token):
        raise Problem(401, "no_token", _("Say hello first."))
    return token


def whose(inbox: Inbox, token: str) -> Identity:
    """With their first file a visitor becomes a contact, as with their first line."""
    identity = visitors.find(inbox.project, token)
    if identity is None:
        if form.form_for(inbox, None, None, "").stands:
            raise Problem(403, "form_first", _("Please answer the questions first."))
        language = translation.get_language() or settings.LANGUAGE_CODE
        identity = visitors.find_or_create(inbox.project, token, name="", language=language)
    if identity.contact.blocked_at:
        sentence = _("This chat is closed for you. Please contact us another way.")
        raise Problem(403, "blocked", sentence)
    return identity


def not_too_fast(request: HttpRequest, token: str) -> None:
    """By visitor, and by address: tokens cost nothing."""
    pace = {
        f"upload:{visitors.digest(token)}": settings.LIMIT_UPLOADS_PER_MINUTE,
        f"upload-from:{limits.address_of(request)}": 5 * settings.LIMIT_UPLOADS_PER_MINUTE,
    }
    for who, per_minute in pace.items():
        if wait := limits.wait_for(who, burst=per_minute, per_minute=per_minute):
            sentence = _("That was too fast. Wait %(n)s s, then try again.")
            raise Problem(429, "too_fast", sentence % {"n": math.ceil(wait)})


def refused(reason: str, figures: dict[str, Any]) -> Problem:
    return Problem(refusals.status(reason), reason, refusals.sentence(reason, figures))
