"""Every check that needs no running server, as many at once as there are cores: `bin/check`."""

import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]


def templates() -> list[str]:
    return [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]


def checks() -> list[tuple[str, list[str]]]:
    return [
        # First, for it takes longest.
        ("types", [str(BIN / "mypy"), "--no-error-summary", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        ("lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("rooms: who may import whom", [str(BIN / "lint-imports"), "--no-logo"]),
        ("templates", [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates()]),
        ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        ("translations", [sys.executable, "-m", "contactcenter.translations", "check"]),
        ("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
    ]


def environment() -> dict[str, str]:
    """A production's: whatever `check --deploy` warns of would be true of a real one."""
    unset = {name: value for name, value in os.environ.items() if name not in {"DEMO", "DEBUG"}}
    return unset | {
        "BUILDING": "1",
        "PUBLIC_URL": "https://chat.example.org",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }


def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def main() -> int:
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [(name, pool.submit(run, command)) for name, command in checks()]
        for name, check in running:
            done = check.result()
            print(f"== {name}\n{done.stdout}", end="", flush=True)
            if done.returncode:
                failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
