"""`bin/test`: pytest on real servers and in a real browser; with `--faults` while they break."""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from contactcenter.embedded import needed, programs
from contactcenter.embedded.account import die_with_parent
from contactcenter.embedded.testing import throw_away_servers
from contactcenter.embedded.trouble import Trouble

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOST_WORKERS = 4  # each starts the product's own processes
SHARING = ("--dist", "load")  # in the order of the list: see pytest_collection_modifyitems
SOME_FAILED = 1  # pytest's exit code
MOST_AGAIN = 5
AGAIN = "AGAIN, one after the other: what failed while others kept the machine busy."
FAILED = Path(__file__).resolve().parents[2] / ".pytest_cache/v/cache/lastfailed"
FAULTS = ("faults/tests/test_faults.py", "-s", "--no-header", "-p", "no:cacheprovider")


def run(arguments: list[str]) -> int:
    """Returns pytest's exit code. Raises Trouble when CI=true would leave something out.

    Without arguments it is the whole suite, by several processes side by side; the few that fail
    then are run again alone, loudly: what is broken fails again, what was only crowded does not.
    """
    is_whole = not arguments
    workers = min(MOST_WORKERS, 2 * (os.cpu_count() or 1))  # a browser's story mostly waits
    arguments = arguments or ["-n", str(workers), *SHARING]
    arguments, wishes = with_faults(arguments)
    missing = [program for program in needed.ALL if not program.find_or_install()]
    if missing and needed.is_ci():
        what = " and ".join(map(str, missing))
        raise Trouble(f"With CI=true nothing may be left out, and {what}.")
    with (
        tempfile.TemporaryDirectory(prefix="contact-center-test-") as var,
        throw_away_servers() as (database_url, redis_url),
    ):
        environment = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "VAR_DIR": var,
            "CHROMIUM": needed.BROWSER.find(),
            **wishes,
        }
        code = follow(programs.words(programs.TRANSLATIONS, {}), environment)
        code = code or follow((sys.executable, "-m", "pytest", *arguments), environment)
        if is_whole and code == SOME_FAILED and 0 < count_failed() <= MOST_AGAIN:
            print("\n" + AGAIN, flush=True)
            code = follow((sys.executable, "-m", "pytest", "--last-failed"), environment)
    for program in missing:
        print(f"\nLEFT OUT: {program.tests}, because {program}.")
    return code


def with_faults(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """What goes to pytest, and to the faults by their environment when `--faults` is there."""
    if "--faults" not in arguments:
        return arguments, {}
    parser = argparse.ArgumentParser(prog="bin/test --faults", allow_abbrev=False)
    parser.add_argument("--faults", action="store_true", help="break things while people work")
    parser.add_argument("--runs", type=int, default=5, help="of each fault (default: 5)")
    parser.add_argument("--seed", type=int, help="the same number gives the same traffic again")
    parser.add_argument("--write", action="store_true", help="write docs/faults.md, however few")
    options, rest = parser.parse_known_args(arguments)
    seed = options.seed or secrets.randbelow(10**6) + 1
    wishes = {"FAULT_RUNS": str(options.runs), "FAULT_SEED": str(seed)}
    return [*FAULTS, *rest], wishes | ({"FAULT_WRITE": "1"} if options.write else {})


def count_failed() -> int:
    """How many tests of the last run failed, as pytest keeps them."""
    try:
        return len(json.loads(FAILED.read_text()))
    except (OSError, ValueError):
        return 0


def follow(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """Runs `command` in front and returns its exit code.

    Ctrl-C reaches it from the terminal, so we only wait; other signals are passed on as Ctrl-C,
    for pytest then closes its browsers and servers.
    """
    child: subprocess.Popen[bytes] | None = None

    def pass_on(signum: int, frame: FrameType | None) -> None:
        if child and signum != signal.SIGINT:
            child.send_signal(signal.SIGINT)

    # Before the child: it must not inherit that a script's `&` had Ctrl-C ignored.
    before = {signum: signal.signal(signum, pass_on) for signum in STOPPING}
    try:
        child = subprocess.Popen(
            command, env=dict(environment), preexec_fn=die_with_parent(signal.SIGTERM)
        )
        return child.wait()
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
