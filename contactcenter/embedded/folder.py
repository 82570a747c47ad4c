"""`var/`: everything one installation keeps, and the proof that only one supervisor uses it."""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contactcenter.embedded.account import Account
from contactcenter.embedded.trouble import Trouble

# What --fresh erases: known names only, lest a mistaken VAR_DIR costs somebody a home folder.
FOLDERS = ["postgres", "postgres.new", "log", "beat", "mail", "uploads"]
MEMORIES = ["servers.json", "secrets.json", "state.json", "run.json"]
PRIVATE = ["log", "beat", "mail", "uploads"]
SOCKET_PATH_LIMIT = 107  # bytes, sun_path in Linux
LONGEST_SOCKET = "/cc-xxxxxxxx/.s.PGSQL.5432.lock"


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps every other supervisor out, until the end of this one, however that comes.

        Raises Trouble when somebody else is here already.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Trouble(
                    f"bin/run is running already on {self.path} (process {lock.read().strip()})."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            for name in PRIVATE:
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
            yield

    def read(self, name: str) -> dict[str, Any]:
        """A small JSON memory; empty when there is none."""
        try:
            return json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            raise Trouble(f"{self.path / name} is damaged; bin/run --fresh starts anew.") from None

    def write(self, name: str, memory: dict[str, Any]) -> None:
        """Replaces a memory in one step, readable by its owner only."""
        handle, draft = tempfile.mkstemp(dir=self.path)
        with os.fdopen(handle, "w") as file:
            json.dump(memory, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(self.path / name)

    def secrets(self) -> dict[str, str]:
        """This installation's own SECRET_KEY, made once."""
        known = self.read("secrets.json")
        if not known:
            known["SECRET_KEY"] = secrets.token_urlsafe(50)
            self.write("secrets.json", known)
        return known

    def erase(self) -> None:
        for name in FOLDERS + MEMORIES:
            target = self.path / name
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)
        for name in PRIVATE:
            (self.path / name).mkdir(mode=0o700, exist_ok=True)


def make_socket_folder(account: Account | None) -> Path:
    """A new folder for sockets: closed to others and with a short path, as the kernel wants it."""
    wishes = [tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108
    if account is None:
        wishes.insert(0, os.environ.get("XDG_RUNTIME_DIR", ""))
    for wish in wishes:
        fits = len(os.fsencode(wish + LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT
        if not wish or not fits or not os.access(wish, os.W_OK | os.X_OK):
            continue
        if account and not Path(wish).stat().st_mode & 0o001:
            continue
        folder = Path(tempfile.mkdtemp(prefix="cc-", dir=wish))
        if account:
            account.own(folder)
        return folder
    raise Trouble("No folder for sockets: neither XDG_RUNTIME_DIR nor /tmp can be written.")
