"""Is it alive, is it ready, what does it count (contract.md, Pages)."""

import secrets
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from agents import limits
from contactcenter import watching
from contactcenter.exposition import REGISTRY


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 only where answering would fail: database, migrations, draining. What else is missing
    degrades: agents go on reading and writing."""
    missing = watching.missing()
    if fatal := [part for part in missing if part in watching.FATAL]:
        return JsonResponse({"status": "unavailable", "missing": fatal}, status=503)
    return JsonResponse({"status": "degraded" if missing else "ok", "missing": missing})


def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus; whoever may not read it is told that there is nothing."""
    if not may_read_metrics(request):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read_metrics(request: HttpRequest) -> bool:
    """With the token from anywhere; without one from the networks of METRICS_ALLOW.

    Somebody whom a proxy brought here that we were not told of (TRUSTED_PROXIES) is of no
    network: its own address says nothing about them.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if settings.METRICS_TOKEN:
        return secrets.compare_digest(given, settings.METRICS_TOKEN.encode())
    if not settings.TRUSTED_PROXIES and {"X-Forwarded-For", "Forwarded", "Via"} & set(
        request.headers
    ):
        return False
    try:
        address = ip_address(limits.address_of(request) or "")
    except ValueError:  # a unix socket has none
        return False
    return any(address in network for network in settings.METRICS_ALLOW)
