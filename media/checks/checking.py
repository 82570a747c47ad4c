"""Start the child, wait for it, and never longer than it was given."""

import contextlib
import json
import os
import select
import signal
import stat
import subprocess
import sys
import sysconfig
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from media.checks.formats import FORMATS, extension
from media.checks.limits import Limits
from media.checks.verdict import Allowed, Verdict

ROOT = str(Path(__file__).resolve().parent.parent.parent)
LIBRARIES = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
START = (
    f"import sys; sys.path += {[ROOT, *LIBRARIES]!r}; from media.checks import child; child.main()"
)
PICTURES = {"image/jpeg", "image/png"}
ROLES = {
    "shown": {form.type for form in FORMATS.values()},
    "thumbnail": PICTURES,
    "poster": PICTURES,
}
MOST_ANSWER = 256 << 10  # bytes


def check(
    path: Path,
    name: str,
    allowed: Allowed,
    into: Path,
    *,
    wall: float = 60,
    limits: Limits | None = None,
) -> Verdict:
    """What the file at `path` is and whether `allowed` takes it, as told by a limited child.

    What is made of it lies in the folder `into`, which is the caller's to empty. Nothing in the
    file raises: a child that died, or took longer than `wall` seconds, is "could_not_check" with
    `figures["died"]`, and the caller decides how often to try again.
    """
    with contextlib.ExitStack() as held:
        source = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        held.callback(os.close, source)
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode) or not status.st_size:
            return Verdict(is_fine=False, reason="empty", figures={"bytes": 0})
        places = [_place(into, role, held) for role in ("shown", "preview")]
        child = _start(source, places, extension(name), allowed, limits or Limits())
        answer = _listen(child, time.monotonic() + wall)
    return _verdict(_judge(child.returncode, answer), into)


def _place(into: Path, role: str, held: contextlib.ExitStack) -> int:
    place = os.open(into / role, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    held.callback(os.close, place)
    return place


def _start(
    source: int, places: list[int], ending: str, allowed: Allowed, limits: Limits
) -> "subprocess.Popen[bytes]":
    asked = {
        "parent": os.getpid(),
        "into": places,
        "extension": ending[:20],  # not the whole name: whoever lists processes would read it
        "allowed": allowed.as_json(),
        "limits": asdict(limits),
    }
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", START, json.dumps(asked)],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        pass_fds=places,
        start_new_session=True,
    )


def _listen(child: "subprocess.Popen[bytes]", until: float) -> bytes | None:
    """What it says until it is gone; None when it was still there at `until` (monotonic)."""
    pipe, answer, is_over = cast(IO[bytes], child.stdout), b"", False
    try:
        while (left := until - time.monotonic()) > 0 and len(answer) <= MOST_ANSWER:
            if not select.select([pipe], [], [], left)[0]:
                break
            block = os.read(pipe.fileno(), 65536)
            if not block:
                is_over = _went(child, until)
                break
            answer += block
    finally:
        if not is_over:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        pipe.close()
        child.wait()
    return answer if is_over else None


def _went(child: "subprocess.Popen[bytes]", until: float) -> bool:
    """It has nothing more to say; one that was taken over might stay all the same."""
    try:
        child.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _judge(code: int, answer: bytes | None) -> dict[str, Any]:
    if answer is None:
        return _died("wall")
    if code == -signal.SIGXCPU:
        return _died("cpu")
    if code < 0:
        return _died(f"signal {-code}")
    try:
        return dict(json.loads(answer, parse_constant=_no_number))
    except (ValueError, TypeError, RecursionError):
        return _died(f"exit {code}")


def _no_number(name: str) -> None:
    """NaN and Infinity, which no database takes."""
    raise ValueError(name)


def _died(of: str) -> dict[str, Any]:
    return {"is_fine": False, "reason": "could_not_check", "figures": {"died": of}}


def _verdict(said: dict[str, Any], into: Path) -> Verdict:
    """What the child said, believed only as far as it is of the kind a child says."""
    try:
        made = _kept(said.pop("made", []) if said["is_fine"] is True else [], into)
        return Verdict.from_json({**said, "made": made})
    except (KeyError, TypeError, ValueError, AttributeError, OSError):
        _kept([], into)
        return Verdict.from_json(_died("answer"))


def _kept(made: list[dict[str, Any]], into: Path) -> list[dict[str, Any]]:
    """What was made, named after its role; empty places go."""
    for each in made:
        if each["type"] not in ROLES[each["role"]]:
            raise ValueError(each["type"])
        if each["role"] != "shown":
            (into / "preview").replace(into / each["role"])
        each["path"] = str(into / each["role"])
    for place in {"shown", "preview"} - {each["role"] for each in made}:
        (into / place).unlink(missing_ok=True)
    return made
