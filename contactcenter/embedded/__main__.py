"""`python -m contactcenter.embedded`: what bin/run and bin/test hand over to."""

import argparse
import os
import signal
import sys
from pathlib import Path

from contactcenter.embedded import suite
from contactcenter.embedded.console import Console
from contactcenter.embedded.folder import Folder
from contactcenter.embedded.running import Run
from contactcenter.embedded.testing import serve_until_stopped
from contactcenter.embedded.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = """
Environment: PORT (8000), HOST (127.0.0.1), VAR_DIR (var/), SERVERS (auto, url, system, wheels),
DATABASE_URL, REDIS_URL, DEMO (1), WORKERS (2), and all of .env.example. More in docs/running.md.
"""


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 also for Ctrl-C and SIGTERM, 1 with one sentence for trouble."""
    command, *rest = arguments or ["run"]
    commands = {"run": start, "test": suite.run, "manage": manage, "test-servers": test_servers}
    if command not in commands:
        print(f"{command} is not known: {', '.join(commands)}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        return commands[command](rest)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except PermissionError as error:
        print(f"{error.filename} belongs to another user: start as that user.", file=sys.stderr)
    return 1


def start(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Starts the whole contact center on this machine; Ctrl-C stops it.",
        epilog=ENVIRONMENT,
    )
    parser.add_argument("--fresh", action="store_true", help="erase all data and start anew")
    parser.add_argument("--yes", action="store_true", help="with --fresh: do not ask")
    parser.add_argument("--verbose", action="store_true", help="show the processes' first words")
    options = parser.parse_args(arguments)
    folder = _folder()
    with folder.held():
        if options.fresh and not options.yes:
            _ask_before_erasing(folder)
        run = Run(folder, Console(verbose=options.verbose))
        run.until_stopped(fresh=options.fresh)
    return 0


def _folder() -> Folder:
    return Folder(Path(os.environ.get("VAR_DIR") or ROOT / "var"))


def _ask_before_erasing(folder: Folder) -> None:
    """Raises Trouble unless the person says yes."""
    if not sys.stdin.isatty():
        raise Trouble("--fresh erases all data and asks first; without a terminal add --yes.")
    question = f"This erases every conversation, file and mail in {folder.path}. Type yes: "
    print(question, end="", flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise Trouble("Nothing was erased.")


def manage(arguments: list[str]) -> int:
    """`manage.py` with the servers and secrets of the bin/run that is running."""
    environment = _folder().read("run.json").get("environment")
    if not environment:
        raise Trouble("Nothing is running here: start bin/run first, in another terminal.")
    os.environ.update(environment)
    os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments])  # noqa: S606


def test_servers(arguments: list[str]) -> int:
    serve_until_stopped()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
