"""What a child takes from itself before it looks at a file; it cannot give it back."""

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

from media.checks import seccomp

PARENT_DEATH_SIGNAL, NOT_DUMPABLE = 1, 4
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000


@dataclass(frozen=True)
class Limits:
    """Of one child (promises.md, "Limits")."""

    cpu: int = 10  # seconds
    memory: int = 1 << 30  # bytes of address space
    file_size: int = 128 << 20  # bytes of each file it writes
    files: int = 32  # open at once


def shut(limits: Limits, parent: int) -> list[str]:
    """Everything that can be shut before the decoders are loaded; what could not be, by name.

    There is no limit of processes: RLIMIT_NPROC counts the threads of everything the user runs, and
    the decoders of HEIC and H.264 want some. The filter lets threads pass and no process.
    """
    missing = [] if _leave_the_network() else ["network namespace"]
    _die_with(parent)
    _set(resource.RLIMIT_CPU, limits.cpu, limits.cpu + 2)
    _set(resource.RLIMIT_AS, limits.memory)
    _set(resource.RLIMIT_FSIZE, limits.file_size)
    _set(resource.RLIMIT_NOFILE, limits.files)
    _set(resource.RLIMIT_CORE, 0)
    try:
        seccomp.refuse_outside()
    except seccomp.Unavailable:
        missing.append("system calls")
    return missing


def shut_paths() -> list[str]:
    """Once the decoders are loaded: only the files that are open already."""
    try:
        seccomp.refuse_paths()
    except seccomp.Unavailable:
        return ["paths"]
    return []


def _set(what: int, soft: int, hard: int | None = None) -> None:
    ceiling = resource.getrlimit(what)[1]
    wanted = soft if hard is None else hard
    hard = wanted if ceiling == resource.RLIM_INFINITY else min(wanted, ceiling)
    resource.setrlimit(what, (min(soft, hard), hard))


def _die_with(parent: int) -> None:
    """A worker that is killed takes its children with it.

    After the namespaces: new rights forget the signal.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    libc.prctl(NOT_DUMPABLE, 0, 0, 0, 0)  # another process of this user cannot look into it
    if os.getppid() != parent:  # it went before we asked
        os._exit(1)


def _leave_the_network() -> bool:
    """Into a network of its own, with nothing in it. Containers often forbid it."""
    libc = ctypes.CDLL(None)
    return not libc.unshare(NEW_NETWORK) or not libc.unshare(NEW_NETWORK | NEW_USER)
