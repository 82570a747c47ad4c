"""What customers' chats and internal ones do alike stands in one place (decision 0006)."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOST = 12  # lines that may not stand in both


def runs(room: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every so many lines in a row, without blank ones and imports, and where they stand."""
    for folder in (ROOT / room, ROOT / "templates" / room):
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
            if {"tests", "migrations"} & set(path.parts):
                continue
            lines = [line.strip() for line in path.read_text().splitlines()]
            said = [line for line in lines if line and not line.startswith(("import ", "from "))]
            for at in range(len(said) - MOST + 1):
                yield tuple(said[at : at + MOST]), f"{path.relative_to(ROOT)}: {said[at]}"


def test_no_twelve_lines_stand_in_both_rooms() -> None:
    theirs = dict(runs("conversations"))
    assert len(theirs) > 1_000
    assert [(mine, theirs[run]) for run, mine in runs("internalchat") if run in theirs] == []
