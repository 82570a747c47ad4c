"""Is it alive, is it ready (contract.md, Pages)."""

from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from contactcenter import alive

_migrated = False


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 only where answering would fail: database, migrations, draining. What else is missing
    degrades: agents go on reading and writing."""
    if reason := blocked():
        return JsonResponse({"status": "unavailable", "missing": [reason]}, status=503)
    missing = missing_parts()
    return JsonResponse({"status": "degraded" if missing else "ok", "missing": missing})


def blocked() -> str | None:
    global _migrated
    if alive.draining.is_set():
        return "draining"
    try:
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations"
            _migrated = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "database"
    return None


def missing_parts() -> list[str]:
    try:
        seen: dict[str, Any] = cache.get_many([alive.key("worker"), alive.key("beat")])
    except Exception:
        return ["redis"]
    return [part for part in ("worker", "beat") if alive.key(part) not in seen]
