"""nginx before several web processes: whoever is dead is passed over, nothing is done twice."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contactcenter.embedded import account
from contactcenter.embedded.console import Console
from contactcenter.embedded.folder import make_socket_folder
from contactcenter.embedded.needed import NGINX
from contactcenter.embedded.nginx import Nginx
from contactcenter.embedded.supervisor import Supervisor
from contactcenter.embedded.waiting import wait_until
from contactcenter.tests.left_out import here
from contactcenter.tests.stack import free_port
from media.sandbox import POLICY

pytestmark = pytest.mark.processes
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"


class Web:
    """Remembers every request; answers, or hangs up without a word."""

    def __init__(self, *, answers: bool = True) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.answers, self.answer, self.requests = answers, ANSWER, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.server.accept()
                with line:
                    self.requests.append(line.recv(65536).decode())
                    if self.answers:
                        self.hear_out(line)
                        line.sendall(self.answer)

    def hear_out(self, line: socket.socket) -> None:
        """The rest of a long body: nobody likes to be answered before the end."""
        head, _, body = self.requests[-1].partition("\r\n\r\n")
        length = re.search(r"content-length: (\d+)", head.lower())
        missing = int(length[1]) - len(body) if length else 0
        while missing > 0:
            missing -= len(line.recv(65536))


@pytest.fixture
def front() -> Iterator[Nginx]:
    binary, who = here(NGINX), account.for_servers(Path("/nowhere"))
    folder = make_socket_folder(who)
    supervisor = Supervisor(Console())
    started = Nginx(binary, folder, free_port(), [], account=who)
    started.launch = lambda: supervisor.launch(started.program())  # type: ignore[attr-defined]
    try:
        yield started
    finally:
        supervisor.stop()


def start(front: Nginx, *webs: str) -> None:
    front.webs = webs
    front.launch()  # type: ignore[attr-defined]
    wait_until(front.is_ready, 10)


def nobody() -> str:
    return f"127.0.0.1:{free_port()}"


def test_a_dead_web_process_is_passed_over_also_by_a_post(front: Nginx) -> None:
    web = Web()
    start(front, nobody(), web.address)
    for number in range(6):
        assert httpx.post(f"{front.url}/p/x/", data={"n": number}).text == "ok"
    assert sum(request.startswith("POST") for request in web.requests) == 6


def test_a_post_that_may_have_been_carried_out_is_never_repeated(front: Nginx) -> None:
    mute, web = Web(answers=False), Web()
    start(front, mute.address, web.address)
    statuses: list[int] = []

    def post() -> int:
        statuses.append(httpx.post(f"{front.url}/p/x/", data={"n": 1}).status_code)
        return statuses[-1]

    wait_until(lambda: post() == 502, 10)  # it is passed over for a second after each failure
    posts = [r for r in (*mute.requests, *web.requests) if r.startswith("POST")]
    assert len(posts) == len(statuses)


def test_a_web_process_hears_whom_we_saw(front: Nginx) -> None:
    web = Web()
    start(front, web.address)
    httpx.get(f"{front.url}/p/", headers={"X-Forwarded-For": "10.9.8.7", "Host": "shop.example"})
    heard = web.requests[-1].lower()
    assert "x-forwarded-for: 10.9.8.7, 127.0.0.1\r\n" in heard
    assert "x-forwarded-proto: http\r\n" in heard
    assert "host: shop.example\r\n" in heard


def test_files_leave_by_nginx_also_in_parts(front: Nginx, tmp_path: Path) -> None:
    """The web process says which; nobody fetches one by its place."""
    front.uploads = front.folder / "uploads"
    (front.uploads / "7" / "ab").mkdir(parents=True)
    (front.uploads / "7" / "ab" / "abc").write_bytes(bytes(range(256)))
    web = Web()
    web.answer = (
        b"HTTP/1.1 200 OK\r\nX-Accel-Redirect: /stored-files/7/ab/abc\r\n"
        b'Content-Type: video/mp4\r\nContent-Disposition: inline; filename="a.mp4"\r\n'
        b"Content-Length: 0\r\nconnection: close\r\n\r\n"
    )
    start(front, web.address)
    part = httpx.get(f"{front.url}/files/x/a.mp4", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["Content-Type"] == "video/mp4"
    assert part.headers["Content-Disposition"] == 'inline; filename="a.mp4"'
    assert part.headers["Content-Security-Policy"] == POLICY
    assert part.headers["X-Content-Type-Options"] == "nosniff"
    assert httpx.get(f"{front.url}/stored-files/7/ab/abc").status_code == 404


def test_only_the_doors_of_files_take_large_bodies(front: Nginx) -> None:
    web = Web()
    start(front, web.address)
    body = b"x" * 5_000_000
    assert httpx.post(f"{front.url}/p/x/uploads/", content=body).text == "ok"
    assert httpx.post(f"{front.url}/webchat/x/uploads/", content=body).text == "ok"
    assert httpx.post(f"{front.url}/p/x/messages/", content=body).status_code == 413
