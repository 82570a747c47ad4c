"""What a supervisor killed with kill -9 may have left: its children go on ending for a while.

Children are found by a mark in their environment, which no process number used twice can forge.
PostgreSQL writes over its environment; it is known by its data folder. Linux only: elsewhere
there is no /proc, and nothing is found.
"""

import contextlib
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from contactcenter.embedded.folder import Folder
from contactcenter.embedded.waiting import becomes

MARK = "CONTACT_CENTER_RUN"
PATIENCE = 12.0  # seconds a child may take to say goodbye


def clear(folder: Folder) -> None:
    """Ends what the last supervisor of this folder left running, and removes its sockets."""
    memory = folder.read("run.json")
    if mark := memory.get("mark"):
        _end(lambda: _marked(mark), signal.SIGTERM, signal.SIGKILL)
    _end(lambda: _postmaster(folder.path / "postgres"), signal.SIGINT, signal.SIGQUIT)
    if sockets := memory.get("sockets"):
        shutil.rmtree(sockets, ignore_errors=True)
    (folder.path / "run.json").unlink(missing_ok=True)


def _end(find: Callable[[], list[int]], first: int, then: int) -> None:
    for signum, seconds in ((first, PATIENCE), (then, 5.0)):
        for pid in find():
            _send(pid, signum)
        if becomes(lambda: not find(), seconds):
            return


def _send(pid: int, signum: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signum)


def _marked(mark: str) -> list[int]:
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in _processes():
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _postmaster(data: Path) -> list[int]:
    """The process that serves `data`, if one does."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        at_home = Path(f"/proc/{pid}/cwd").samefile(data)
    except (OSError, ValueError, IndexError):
        return []
    return [pid] if at_home else []


def _processes() -> Iterator[Path]:
    for entry in Path("/proc").glob("[0-9]*"):
        if entry.name != str(os.getpid()):
            yield entry
