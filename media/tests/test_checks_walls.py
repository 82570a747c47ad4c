"""The child can do nothing but read one file, and it does not outlive its limits."""

import json
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from media.checks import checking
from media.checks.checking import check
from media.checks.limits import Limits
from media.tests.corpus import drawing, films, papers, pictures
from media.tests.corpus.case import WEB, WHATSAPP, Case
from media.tests.corpus.offices import BOMBS

# What a decoder that was taken over might try; each answers with what it got.
PROBE = """
import sys; sys.path += %r
import ctypes, json, os, socket
from media.checks import limits
asked = json.loads(sys.argv[1])
missing = limits.shut(limits.Limits(**asked["limits"]), asked["parent"])
missing += limits.shut_paths()
def tried(act):
    try:
        return repr(act())
    except BaseException as error:
        return type(error).__name__
found = {
    "environment": sorted(os.environ),
    "missing": missing,
    "socket": tried(lambda: socket.socket()),
    "unix socket": tried(lambda: socket.socket(socket.AF_UNIX)),
    "pair": tried(socket.socketpair),
    "program": tried(lambda: os.execv("/bin/true", ["true"])),
    "process": tried(os.fork),
    "read": tried(lambda: open("/etc/passwd")),
    "parent's secrets": tried(lambda: open(f"/proc/{asked['parent']}/environ").read()),
    "write": tried(lambda: open("/tmp/written by a child", "w")),
    "remove": tried(lambda: os.unlink("/tmp/x")),
    "memory file": tried(lambda: os.memfd_create("x")),
    "change a mode": tried(lambda: os.chmod("/tmp/x", 0o777)),
    "shared memory": ctypes.CDLL(None).shmget(0, 4096, 0o1600),
    "shared queue": ctypes.CDLL(None).msgget(0, 0o1600),
    "signals of others": ctypes.CDLL(None).semget(0, 1, 0o1600),
    "kill the parent": tried(lambda: os.kill(asked["parent"], 0)),
    "x32": ctypes.CDLL(None).syscall(0x40000000 + 41, 2, 1, 0),
    "io_uring": ctypes.CDLL(None).syscall(425, 1, 0),
    "limits of the parent": ctypes.CDLL(None).prlimit(asked["parent"], 0, None, None),
    "descriptors": [fd for fd in range(64) if not tried(lambda: os.fstat(fd)).endswith("Error")],
}
os.write(1, json.dumps({"is_fine": False, "figures": found}).encode())
os._exit(0)
"""


@pytest.fixture
def nobody_is_left() -> Iterator[None]:
    yield
    assert not psutil.Process().children(recursive=True)


@pytest.fixture
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_is_left: None) -> dict:
    probe = PROBE % [checking.ROOT, *checking.LIBRARIES]
    monkeypatch.setattr(checking, "START", probe)
    monkeypatch.setenv("SECRET_KEY", "tell nobody")
    (tmp_path / "sent").write_bytes(b"hello")
    return check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path).figures


def test_the_child_gets_no_line_and_no_program(tried: dict) -> None:
    refused = {"PermissionError"}
    assert {tried[what] for what in ("socket", "unix socket", "pair", "program")} == refused
    assert tried["kill the parent"] == "PermissionError"
    assert tried["process"] == "PermissionError"
    assert tried["x32"] == tried["io_uring"] == tried["limits of the parent"] == -1
    shared = {tried[what] for what in ("shared memory", "shared queue", "signals of others")}
    assert shared == {-1}


def test_the_child_opens_nothing_and_knows_no_secret(tried: dict) -> None:
    for what in ("read", "parent's secrets", "write", "remove", "change a mode", "memory file"):
        assert tried[what] == "PermissionError", what
    assert set(tried["environment"]) <= {"LC_CTYPE"}  # Python's own
    assert len(tried["descriptors"]) == 5  # the file, the answer, nowhere, and two to write


def test_what_could_not_be_shut_is_said(tried: dict) -> None:
    assert tried["missing"] == []


def test_a_machine_that_shuts_less_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the child the name of the machine is one that nobody has a filter for."""
    start = "import platform; platform.machine = lambda: 'vax'; " + checking.START
    monkeypatch.setattr(checking, "START", start)
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert verdict.is_fine
    assert set(verdict.walls_missing) >= {"system calls", "paths"}


def large(tmp_path: Path) -> Path:
    sent = tmp_path / "sent"
    sent.write_bytes(drawing.picture("PNG", drawing.photo(4000, 3000)))
    return sent


def test_whoever_takes_too_much_cpu_is_gone(tmp_path: Path, nobody_is_left: None) -> None:
    verdict = check(large(tmp_path), "a.png", WEB["image"], tmp_path, limits=Limits(cpu=1))
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": "cpu"})
    assert not verdict.made


def test_hours_of_speech_in_a_small_file_are_not_heard_to_the_end(tmp_path: Path) -> None:
    """Its packets alone would take more CPU than there is; it is no bomb."""
    (tmp_path / "sent").write_bytes(b"#!AMR\n" + (b"\x04" + bytes(12)) * 500_000)
    verdict = check(tmp_path / "sent", "a.amr", WEB["audio"], tmp_path, limits=Limits(cpu=2))
    assert verdict.is_fine, verdict
    assert verdict.seconds
    assert verdict.seconds > 3600


def test_whoever_takes_too_much_memory_is_gone(tmp_path: Path, nobody_is_left: None) -> None:
    """35 megapixels are 140 MB, drawn anew or not."""
    (tmp_path / "sent").write_bytes(drawing.png(7000, 5000))
    small = Limits(memory=150 << 20)
    verdict = check(tmp_path / "sent", "a.png", WEB["image"], tmp_path, limits=small)
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": "memory"})


def test_whoever_takes_too_long_is_gone(tmp_path: Path, nobody_is_left: None) -> None:
    sent, before = large(tmp_path), time.monotonic()
    verdict = check(sent, "a.png", WEB["image"], tmp_path, wall=0.2)
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": "wall"})
    assert time.monotonic() - before < 10


def test_a_child_that_talks_without_end_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_is_left: None
) -> None:
    monkeypatch.setattr(checking, "START", "import os\nwhile True: os.write(1, b'x' * 65536)")
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert verdict.reason == "could_not_check"


def test_a_child_that_says_it_is_done_and_stays_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_is_left: None
) -> None:
    start = "import os, time; os.write(1, b'{}'); os.close(1); time.sleep(600)"
    monkeypatch.setattr(checking, "START", start)
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path, wall=1)
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": "wall"})


def test_a_child_that_crashes_is_told_by_its_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "START", "import os; os.abort()")
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert verdict.figures == {"died": "signal 6"}


@pytest.mark.parametrize("text", [films.PLAYLIST, films.CONCAT])
def test_a_playlist_opens_nothing(text: bytes, tmp_path: Path) -> None:
    """Also where it would be let: the listener is on this machine and nobody knocks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        (tmp_path / "sent").write_bytes(text % listener.getsockname()[1])
        for name in ("a.mp4", "a.m3u8", "a.webm"):
            assert not check(tmp_path / "sent", name, WHATSAPP["video"], tmp_path).is_fine
        with pytest.raises(TimeoutError):
            listener.accept()


BOMB_CASES = [*BOMBS, *pictures.ATTACKS[-2:], *pictures.LIMITS, *papers.REFUSED[-7:]]


@pytest.mark.parametrize("case", BOMB_CASES, ids=str)
def test_a_bomb_costs_whoever_started_the_child_nothing(
    case: Case, tmp_path: Path, nobody_is_left: None
) -> None:
    (tmp_path / "sent").write_bytes(case.make())
    mine, before = psutil.Process(), resource.getrusage(resource.RUSAGE_CHILDREN)
    memory, cpu = mine.memory_info().rss, mine.cpu_times().user

    check(tmp_path / "sent", case.name, case.rule, tmp_path)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert mine.memory_info().rss - memory < 20 << 20
    assert mine.cpu_times().user - cpu < 0.5
    assert after.ru_utime - before.ru_utime < 13


@pytest.mark.parametrize(
    ("said", "died"),
    [
        (b'{"is_fine": true, "made": [{"role": "../../x", "type": "image/png"}]}', "answer"),
        (b'{"is_fine": true, "made": [{"role": "shown", "type": "text/html"}]}', "answer"),
        (b'{"is_fine": true, "who": "are you"}', "answer"),
        (b'{"is_fine": true, "seconds": NaN}', "exit 0"),
        (b'["is_fine"]', "exit 0"),
        (b"fine", "exit 0"),
        (b"", "exit 0"),
    ],
)
def test_a_child_that_was_taken_over_is_not_believed(
    said: bytes, died: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "START", f"import os; os.write(1, {said!r})")
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": died})
    assert {path.name for path in tmp_path.iterdir()} == {"sent"}


def test_several_at_once_do_not_meet(tmp_path: Path) -> None:
    """Threads of one worker, each with its own child and its own folder."""
    kinds = [(drawing.picture("PNG"), "image"), (b"hello", "document"), (b"MZ\0", "document")] * 2
    found: dict[int, str] = {}

    def one(number: int, data: bytes, kind: str) -> None:
        (folder := tmp_path / str(number)).mkdir()
        (folder / "sent").write_bytes(data)
        found[number] = check(folder / "sent", "a.txt", WHATSAPP[kind], folder).reason

    threads = [threading.Thread(target=one, args=(n, *kind)) for n, kind in enumerate(kinds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(6)] == ["", "", "wrong_type"] * 2


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(OSError):
        check(tmp_path / "link", "a.txt", WHATSAPP["document"], tmp_path)


def test_the_name_of_the_file_is_not_told_to_the_process_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    start = checking.subprocess.Popen

    def noted(command: list[str], **settings: object) -> object:
        seen.append(json.dumps(command))
        return start(command, **settings)  # type: ignore[call-overload]

    monkeypatch.setattr(checking.subprocess, "Popen", noted)
    (tmp_path / "sent").write_bytes(b"hello")
    check(tmp_path / "sent", "Lucía's diagnosis.txt", WHATSAPP["document"], tmp_path)
    assert "diagnosis" not in seen[0]
    assert os.fspath(tmp_path) not in seen[0]
