"""Which tests check which row of the requirements: `python -m contactcenter.tests.requirements`
writes them into docs/requirements.md; a test holds the page to the code.

A test belongs to the rows whose numbers stand at the start of its name: `test_r11_…`,
`test_r27_r28_…`.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/requirements.md"
ROW = re.compile(r"^\| R(\d+) \| ([^|]+) \|(.*)\|$", re.MULTILINE)


def tests_by_row() -> dict[int, list[str]]:
    """Row number: `file::test`, in the order of the files."""
    found: dict[int, list[str]] = {}
    for path in sorted(ROOT.glob("*/tests/test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for row in rows_of(node.name):
                    found.setdefault(row, []).append(f"{path.stem}::{node.name}")
    return found


def rows_of(name: str) -> list[int]:
    numbers = re.match(r"test((?:_r\d+)+)_", name)
    return [int(number) for number in re.findall(r"_r(\d+)", numbers[1])] if numbers else []


def page_with(tests: dict[int, list[str]]) -> str:
    """docs/requirements.md with these tests in its last column."""

    def row(match: re.Match[str]) -> str:
        names = "<br>".join(f"`{name}`" for name in tests.get(int(match[1]), []))
        return f"| R{match[1]} | {match[2]} | {names} |"

    return ROW.sub(row, PAGE.read_text())


def rows_on_page() -> list[int]:
    return [int(match[1]) for match in ROW.finditer(PAGE.read_text())]


if __name__ == "__main__":
    PAGE.write_text(page_with(tests_by_row()))
    missing = set(rows_on_page()) - set(tests_by_row())
    sys.exit(f"Rows without a test: {sorted(missing)}" if missing else 0)
