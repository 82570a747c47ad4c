"""Makes `.venv`, installs a lock into it, then becomes the program that was asked for.

    python install.py requirements.txt -m contactcenter.embedded run

Runs before anything is installed, as a plain script: the standard library and nothing else.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from collections import deque
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# requirements-dev.txt is compiled over requirements.txt: who has the second has the first.
COVERS = {
    "requirements.txt": ["requirements.txt"],
    "requirements-dev.txt": ["requirements.txt", "requirements-dev.txt"],
}
PIP_ARGUMENTS = ["--no-input", "--no-color", "--progress-bar=off", "--require-hashes", "-r"]


def main(lock: str, *arguments: str) -> None:
    """Installs `lock` if needed and replaces this process by `.venv/bin/python ARGUMENTS…`."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        python = ready_python(ROOT, lock)
    except KeyboardInterrupt:
        sys.exit("\nStopped while installing; the next start begins again.")
    except PermissionError as error:
        sys.exit(f"{error.filename} cannot be written: it belongs to another user.")
    os.chdir(ROOT)
    os.execv(python, [str(python), *arguments])  # noqa: S606


def ready_python(root: Path, lock: str) -> Path:
    """The Python of a `.venv` that holds what `lock` asks for.

    Two starts at once take turns. The lock lies on the folder itself (no file stays behind) and
    is inherited by pip, so that a start that was killed still counts until its pip has ended.
    """
    python = root / ".venv" / "bin" / "python"
    if is_installed(root, lock):
        return python
    turn = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another start is installing; waiting for it…", flush=True)
        fcntl.flock(turn, fcntl.LOCK_EX)
    if not is_installed(root, lock):
        make_environment(root / ".venv")
        install(root, lock, turn)
    os.close(turn)
    return python


def is_installed(root: Path, lock: str) -> bool:
    environment = root / ".venv"
    try:
        memory = json.loads((environment / "installed.json").read_text())
    except (OSError, ValueError):
        return False
    return memory.get(lock) == fingerprint(root / lock) and runs(environment / "bin" / "python")


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def runs(python: Path) -> bool:
    """False also for a `.venv` whose Python went away with an upgrade of the machine."""
    return os.access(python, os.X_OK)


def make_environment(environment: Path) -> None:
    """A working `.venv`; one left half made by an interrupted start is made anew."""
    unfinished = environment / "unfinished"
    if runs(environment / "bin" / "python") and not unfinished.exists():
        return
    if not find_spec("ensurepip"):
        sudo = "" if os.geteuid() == 0 else "sudo "
        sys.exit(f"Python's venv is missing on this machine: {sudo}apt install python3-venv")
    print("Making .venv…", flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    environment.mkdir()
    unfinished.touch()
    try:
        venv.create(environment, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError:
        sys.exit(".venv could not be made. On Debian and Ubuntu: apt install python3-venv")


def install(root: Path, lock: str, turn: int) -> None:
    """Lets pip install `lock`; on failure shows pip's last lines and ends."""
    environment = root / ".venv"
    memory = environment / "installed.json"
    memory.unlink(missing_ok=True)
    pip = subprocess.Popen(
        [environment / "bin" / "python", "-m", "pip", "install", *PIP_ARGUMENTS, root / lock],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[turn],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"},
    )
    try:
        total = len(re.findall(r"^\S+==", (root / lock).read_text(), re.MULTILINE))
        last_lines = show_progress(pip.stdout or (), total, environment / "unfinished")
        code = pip.wait()
    finally:
        pip.terminate()
    if code:
        sys.exit("".join(last_lines) + "Installing failed (pip's last lines above). Try again.")
    known = {name: fingerprint(root / name) for name in COVERS[lock]}
    memory.write_text(json.dumps(known))
    (environment / "unfinished").unlink(missing_ok=True)


def show_progress(output: Iterable[str], total: int, unfinished: Path) -> deque[str]:
    """Counts pip's packages in one line (every 20th on a plain output); returns the last lines.

    `unfinished` is written when pip begins to change the environment, not while it downloads.
    """
    last_lines: deque[str] = deque(maxlen=12)
    live, collected = sys.stdout.isatty(), 0
    for line in output:
        last_lines.append(line)
        news = ""
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            collected += 1
            if live or collected % 20 == 0:
                news = f"Installing: {collected} of about {total} packages"
        elif line.startswith("Installing collected packages"):
            unfinished.touch()
            news = f"Installing: unpacking {collected} packages"
        if news:
            print(f"\r\033[K{news}" if live else news, end="" if live else "\n", flush=True)
    if live:
        print("\r\033[K", end="", flush=True)
    return last_lines


if __name__ == "__main__":
    main(*sys.argv[1:])
