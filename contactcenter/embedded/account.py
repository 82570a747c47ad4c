"""Who the servers run as, and how a child is tied to its parent's life."""

import ctypes
import os
import pwd
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contactcenter.embedded.trouble import Trouble

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A system user without rights, for PostgreSQL and Redis when everything is started by root."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def for_servers(data: Path) -> Account | None:
    """None: as ourselves. For root, who PostgreSQL refuses: the data's owner, postgres or nobody.

    Raises Trouble where a plain user meets data that belongs to somebody else.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Trouble(
                f"{data} belongs to {_name_of(owner)}: start as the user who made it, "
                "or choose another folder with VAR_DIR."
            )
        return None
    for name in [_name_of(owner)] if owner else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "PostgreSQL refuses to run as root and there is no user nobody: use a plain user."
    )


def _name_of(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"user {uid}"


def identity(account: Account | None) -> dict[str, Any]:
    """The arguments for `subprocess` that make a child run as `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def die_with_parent(signum: int) -> Callable[[], None] | None:
    """A `preexec_fn`: the kernel sends `signum` to the child when its parent dies, even by kill -9.

    subprocess calls it after it changed the user, which is needed: changing the user forgets the
    wish. The kernel watches the *thread* that forked, so children are started by the main thread.
    None (and no such promise) outside Linux.
    """
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel
