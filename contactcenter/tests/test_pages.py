"""How a page is made inside the web process."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
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
    monkeypatch.setattr(pages, "THREADS", ThreadPoolExecutor(1))
    await asked()
    assert pages.THREADS.submit(translation.get_language).result(5) == "en"


async def test_what_surrounds_a_page_happens_on_its_thread() -> None:
    """Connections are looked at before it and given back after it, where they were used."""
    happened: list[tuple[str, str]] = []

    def note(what: str, **_more: object) -> None:
        happened.append((what, threading.current_thread().name[:4]))

    began, ended = partial(note, "began"), partial(note, "ended")
    request_started.connect(began)
    request_finished.connect(ended)
    try:
        await asked()
    finally:
        request_started.disconnect(began)
        request_finished.disconnect(ended)
    assert happened == [("began", "page"), ("ended", "page")]


async def test_what_a_refused_page_was_sent_does_not_stay_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies: list[Any] = []
    read = pages.Pages.read_body

    async def kept(self: pages.Pages, receive: Any) -> Any:
        bodies.append(await read(self, receive))
        return bodies[-1]

    monkeypatch.setattr(pages.Pages, "read_body", kept)
    monkeypatch.setitem(SCOPE, "query_string", b"\xff")
    start, _visits = await asked()
    assert start["status"] == 400
    assert [body.closed for body in bodies] == [True]


async def test_a_page_knows_the_folder_it_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy that gives us a part of its addresses."""
    monkeypatch.setitem(SCOPE, "root_path", "/chat")
    monkeypatch.setitem(SCOPE, "path", "/chat/p/nowhere/")
    start, _visits = await asked()
    assert start["status"] == 302
    assert dict(start["headers"])[b"Location"].startswith(b"/chat/login/")


async def test_a_reader_who_left_before_the_end_of_the_question_is_no_page() -> None:
    line = ApplicationCommunicator(pages.Pages(), SCOPE)
    await line.send_input({"type": "http.request", "body": b"half", "more_body": True})
    await line.send_input({"type": "http.disconnect"})
    await line.wait()
    assert await line.receive_nothing()
