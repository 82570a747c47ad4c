"""How a page is made inside the web process."""

from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.utils import translation

from contactcenter import pages

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/healthz",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
}


async def asked() -> tuple[dict[str, Any], list[Any]]:
    """What a page answers, and what was left to its own threads meanwhile."""
    visits: list[Any] = []
    line = ApplicationCommunicator(pages.Pages(), SCOPE)
    with pytest.MonkeyPatch.context() as patch:
        submit = pages.THREADS.submit
        patch.setattr(pages.THREADS, "submit", lambda *work: visits.append("ours") or submit(*work))
        hop = SyncToAsync.__call__
        patch.setattr(
            SyncToAsync, "__call__", lambda self, *a, **k: visits.append(self) or hop(self, *a, **k)
        )
        await line.send_input({"type": "http.request", "body": b""})
        start = await line.receive_output(10)
        await line.receive_output(10)
        await line.wait()
    return start, visits


async def test_a_page_goes_to_its_thread_once_with_all_middleware() -> None:
    start, visits = await asked()
    assert start["status"] == 200
    headers = {name.lower() for name, _value in start["headers"]}
    assert {b"content-security-policy", b"permissions-policy", b"cache-control"} <= headers
    assert visits == ["ours"]


async def test_a_page_leaves_its_thread_without_its_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Threads are used again: what a page set for itself must not meet the next one."""
    monkeypatch.setitem(SCOPE, "headers", [(b"host", b"localhost"), (b"accept-language", b"es")])
    await asked()
    left = [pages.THREADS.submit(translation.get_language) for _ in range(20)]
    assert {future.result(5) for future in left} == {"en"}


async def test_a_reader_who_left_before_the_end_of_the_question_is_no_page() -> None:
    line = ApplicationCommunicator(pages.Pages(), SCOPE)
    await line.send_input({"type": "http.request", "body": b"half", "more_body": True})
    await line.send_input({"type": "http.disconnect"})
    await line.wait()
    assert await line.receive_nothing()
