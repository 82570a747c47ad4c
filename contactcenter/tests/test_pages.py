"""How a page is made inside the web process."""

from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator

from contactcenter.pages import Pages

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/healthz",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
}


async def test_a_page_goes_to_its_thread_once_with_all_middleware(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before it its connections are looked at, after it they are given back: that makes three."""
    visits: list[Any] = []
    visit = SyncToAsync.__call__

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        visits.append(self.func)
        return await visit(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", counted)
    line = ApplicationCommunicator(Pages(), SCOPE)
    await line.send_input({"type": "http.request", "body": b""})
    start = await line.receive_output(10)
    await line.receive_output(10)
    await line.wait()
    assert start["status"] == 200
    headers = {name.lower() for name, _value in start["headers"]}
    assert {b"content-security-policy", b"permissions-policy", b"cache-control"} <= headers
    assert len(visits) == 3, visits
