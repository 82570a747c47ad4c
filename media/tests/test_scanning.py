"""The virus scanner: a stand-in that speaks clamd's language over a real socket."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from contactcenter.tests.stack import free_port
from media import scanning

# In two pieces, so that nobody takes this file for what it names.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 1_000_000  # the stand-in's StreamMaxLength


class Clamd(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: ClamdServer = self.server
        if server.is_mute:
            server.is_over.wait(30)
            return
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self._verdict() + b"\0")

    def _verdict(self) -> bytes:
        body = bytearray()
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            body += self.rfile.read(size)
            if len(body) > self.server.most:
                return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Signature FOUND" if EICAR in body else b"stream: OK"


class ClamdServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    is_mute = False
    most = MOST
    is_over: threading.Event

    @property
    def url(self) -> str:
        return f"clamd://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving_clamd() -> Iterator[ClamdServer]:
    with ClamdServer(("127.0.0.1", 0), Clamd) as server:
        server.is_over = threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.is_over.set()
        server.shutdown()


@pytest.fixture
def clamd(settings: Any) -> Iterator[ClamdServer]:
    with serving_clamd() as server:
        settings.MEDIA_SCAN_URL = server.url
        yield server


def file(folder: Path, body: bytes) -> Path:
    (folder / "file").write_bytes(body)
    return folder / "file"


def test_a_clean_file_and_one_with_a_virus(clamd: ClamdServer, tmp_path: Path) -> None:
    assert scanning.scan(file(tmp_path, b"harmless" * 50_000)) == ""
    assert scanning.scan(file(tmp_path, b"xx" + EICAR)) == "Eicar-Signature"
    scanning.ping()


def test_a_file_larger_than_it_takes(clamd: ClamdServer, tmp_path: Path) -> None:
    with pytest.raises(scanning.TooLarge):
        scanning.scan(file(tmp_path, b"x" * (MOST + 10)))


def test_a_scanner_that_is_not_there(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_SCAN_URL = f"clamd://127.0.0.1:{free_port()}"
    for call in (lambda: scanning.scan(file(tmp_path, b"x")), scanning.ping):
        with pytest.raises(scanning.Away):
            call()
    settings.MEDIA_SCAN_URL = "unix:///nowhere/clamd.sock"
    with pytest.raises(scanning.Away):
        scanning.ping()


def test_a_scanner_that_says_nothing(
    clamd: ClamdServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clamd.is_mute = True
    monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(scanning, "PING_SECONDS", 0.3)
    for call in (lambda: scanning.scan(file(tmp_path, b"x")), scanning.ping):
        with pytest.raises(scanning.Away):
            call()
