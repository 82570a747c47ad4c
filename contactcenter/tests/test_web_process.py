"""The web process: ready, limited, and polite when it goes (P-17, P-18)."""

import contextlib
import json
import signal
import socket
import urllib.request
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import make_project
from contactcenter.tests.stack import START_SECONDS, Stack, is_complete
from conversations.models import Message

HANDSHAKE = (
    b"GET /ws/webchat/%s/ HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\n"
    b"upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(scope="module")
def own(
    stack: Stack, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """A stack of these stories' own, which they may break and leave as they found it."""
    with (
        django_db_blocker.unblock(),
        Stack(
            tmp_path_factory.mktemp("own"), REDIS_PREFIX=f"{settings.REDIS_PREFIX}-own"
        ) as running,
    ):
        yield running


def test_sigterm_says_goodbye_with_1012_and_the_process_goes(own: Stack) -> None:
    inbox = make_project().inboxes.get()
    address = f"{own.url.replace('http', 'ws')}/ws/webchat/{inbox.key}/"
    lines = [connect(address, origin=own.url, legacy=True) for _ in range(3)]
    name = str(uuid.uuid4())
    lines[0].send(json.dumps({"type": "hello", "token": None, "language": "en"}))
    lines[0].send(json.dumps({"type": "message", "id": name, "text": "Hello"}))
    while json.loads(lines[0].recv(10))["type"] != "ack":
        pass
    web = own.processes["web1"]
    web.send_signal(signal.SIGTERM)
    for line in lines:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                line.recv(10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    assert web.wait(12) == 0
    assert Message.objects.filter(client_id=name).count() == 1
    own.start_web(1)
    wait_until(lambda: is_complete(own.url), START_SECONDS)


def test_who_says_goodbye_takes_nobody_in(own: Stack) -> None:
    """A page that comes back is sent to another web process, not into the next goodbye."""
    web = own.processes["web2"]
    with socket.create_connection(("127.0.0.1", own.ports[1]), timeout=10) as line:
        # who does not answer the goodbye keeps it waiting
        line.sendall(HANDSHAKE % make_project().inboxes.get().key.encode())
        assert line.recv(12) == b"HTTP/1.1 101"
        web.send_signal(signal.SIGTERM)
        wait_until(lambda: is_refused(own.ports[1]), 10)
        assert is_open(line)  # not because it is gone


def is_open(line: socket.socket) -> bool:
    line.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while line.recv(1000):
            pass
        return False
    return True


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_what_is_missing_shows_and_heals(own: Stack) -> None:
    """A dead worker degrades, it does not stop agents; a new one heals it."""
    own.processes["worker"].kill()
    wait_until(lambda: readyz(own.url) == ("degraded", ["worker"]), 15)
    own.processes["beat"].kill()
    wait_until(lambda: readyz(own.url) == ("degraded", ["worker", "beat"]), 15)
    own.start_worker()
    own.start_beat()
    wait_until(lambda: is_complete(own.url), 30)


def test_a_frame_over_64_kib_closes_the_line_and_nobody_elses(own: Stack) -> None:
    inbox = make_project().inboxes.get()
    address = f"{own.url.replace('http', 'ws')}/ws/webchat/{inbox.key}/"
    big, small = (connect(address, origin=own.url, legacy=True) for _ in range(2))
    with pytest.raises(ConnectionClosed):
        big.send("x" * 70_000)
        big.recv(10)
    small.send(json.dumps({"type": "hello", "token": None, "language": "en"}))
    assert json.loads(small.recv(10))["type"] == "welcome"
    small.close()


def test_a_body_that_does_not_end_is_refused_before_it_is_read(stack: Stack) -> None:
    """Announced or in pieces: the process takes four MiB and not a byte more."""
    announced = b"content-length: 99999999999\r\n\r\n" + b"x" * 1000
    assert raw(stack, b"POST /login/ HTTP/1.1\r\nhost: localhost\r\n" + announced)[:12] == (
        b"HTTP/1.1 413"
    )
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    in_pieces = b"transfer-encoding: chunked\r\n\r\n" + piece * 65
    assert raw(stack, b"POST /login/ HTTP/1.1\r\nhost: localhost\r\n" + in_pieces)[:12] == (
        b"HTTP/1.1 413"
    )


@pytest.mark.parametrize(
    "headers",
    [b"x: " + b"y" * 20_000, b"\r\n".join(b"x%d: y" % n for n in range(600)), b"x: a\0b"],
    ids=["large", "many", "NUL"],
)
def test_headers_without_measure_are_refused(stack: Stack, headers: bytes) -> None:
    answer = raw(stack, b"GET /login/ HTTP/1.1\r\nhost: localhost\r\n" + headers + b"\r\n\r\n")
    assert answer[:12] in {b"HTTP/1.1 400", b"", b"reset"}  # one endless line is cut


def raw(stack: Stack, data: bytes) -> bytes:
    """What the web process answers to these very bytes; other people are served meanwhile."""
    with socket.create_connection(("127.0.0.1", stack.ports[0]), timeout=10) as line:
        with contextlib.suppress(ConnectionError):
            line.sendall(data)
        assert readyz(stack.url)[0] == "ok"
        with contextlib.suppress(ConnectionError):
            return line.recv(200)
    return b"reset"


def readyz(url: str) -> tuple[str, list[str]]:
    with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
        body = json.load(answer)
    return body["status"], body["missing"]
