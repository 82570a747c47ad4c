"""Asks a virus scanner (clamd) about a file: MEDIA_SCAN_URL, clamd://host:3310 or unix:///path.

Without the setting nothing is asked. With it, what nobody could ask about is not ready: it waits.
"""

import contextlib
import socket
import struct
import time
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
CONNECT_SECONDS, ANSWER_SECONDS, ALL_SECONDS = 2.0, 20.0, 60.0
PING_SECONDS = 2.0
MOST_ANSWER = 4096


class Away(Exception):
    """The scanner does not answer as one."""


class TooLarge(Exception):
    """It does not take so large a file (clamd's StreamMaxLength)."""


def is_wanted() -> bool:
    return bool(settings.MEDIA_SCAN_URL)


def scan(path: Path) -> str:
    """The name of what was found, "" for nothing. Raises Away and TooLarge."""
    try:
        with _line() as line, path.open("rb") as body:
            answer = _ask(line, body)
    except (OSError, ValueError) as problem:  # ValueError: no time was left
        raise Away(repr(problem)) from problem
    if answer.endswith("OK"):
        return ""
    if answer.endswith("FOUND"):
        return answer.removeprefix("stream:").removesuffix("FOUND").strip()
    if "size limit" in answer:
        raise TooLarge(answer)
    raise Away(answer)


def _ask(line: socket.socket, body: IO[bytes]) -> str:
    until = time.monotonic() + ALL_SECONDS
    line.sendall(b"zINSTREAM\0")
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
        while chunk := body.read(CHUNK):
            line.settimeout(min(ANSWER_SECONDS, until - time.monotonic()))
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
    return _hear(line)


def ping() -> None:
    """Raises Away."""
    try:
        with _line() as line:
            line.settimeout(PING_SECONDS)
            line.sendall(b"zPING\0")
            answer = _hear(line)
    except OSError as problem:
        raise Away(repr(problem)) from problem
    if answer != "PONG":
        raise Away(answer)


def _line() -> socket.socket:
    """Each step of the talk has ANSWER_SECONDS."""
    place = urlsplit(settings.MEDIA_SCAN_URL)
    if place.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        line.connect(place.path)
    else:
        where = (place.hostname or "localhost", place.port or 3310)
        line = socket.create_connection(where, CONNECT_SECONDS)
    line.settimeout(ANSWER_SECONDS)
    return line


def _hear(line: socket.socket) -> str:
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < MOST_ANSWER:
        chunk = line.recv(MOST_ANSWER)
        if not chunk:
            break
        heard += chunk
    return heard.rstrip(b"\0").decode("utf-8", "replace").strip()
