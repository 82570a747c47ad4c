"""The rounds as a table for people (docs/performance.md) and as JSON (docs/performance.json)."""

import json
import subprocess
from pathlib import Path
from typing import Any

from bench.scenario import Round, Row, Scenario, broken, middle
from bench.world import ROOT

Line = dict[str, Any]
# Where the rest of the time goes, or what limits it, by the row's key. Written by people.
LIMITS = json.loads((Path(__file__).parent / "limits.json").read_text())
HEAD = (Path(__file__).parent / "head.md").read_text()


def lines(scenario: Scenario, rounds: list[Round], commit: str) -> list[Line]:
    """One object a row; `met` is None where no goal stands or nothing was there to compare."""
    wrong = broken(scenario, rounds)
    return [line(scenario, row, rounds, wrong, commit) for row in scenario.rows]


def line(
    scenario: Scenario, row: Row, rounds: list[Round], wrong: dict[str, float], commit: str
) -> Line:
    value = middle(rounds, "product", row.measure)
    if value is None:
        raise KeyError(f"{scenario.key} measured no {row.measure}")
    other = middle(rounds, "floor", row.measure) or middle(rounds, "yardstick", row.measure)
    ratio = value / other if other else None
    return {
        "key": row.key,
        "what": row.what,
        "value": round(value, 3),
        "unit": row.unit,
        "compared_with": round(other, 3) if other else None,
        "ratio": round(ratio, 3) if ratio is not None else None,
        "goal": str(row.goal) if row.goal else None,
        "met": row.goal.is_met(value, ratio) and not wrong if row.goal else None,
        "broken": wrong,
        "rounds": len(rounds),
        "commit": commit,
        "limit": LIMITS.get(row.key, ""),
    }


def table(found: list[Line]) -> str:
    rows = ["| what | value | compared | ratio | goal | met |", "|---|---:|---:|---:|---|---|"]
    for each in found:
        ratio = f"{each['ratio']:.2f}×" if each["ratio"] is not None else "–"
        compared = quantity(each["compared_with"], each["unit"])
        met = {True: "yes", False: "**no**", None: "–"}[each["met"]]
        rows.append(
            f"| {each['what']} | {quantity(each['value'], each['unit'])} | {compared} | {ratio} "
            f"| {each['goal'] or '–'} | {met} |"
        )
    return "\n".join(rows)


def quantity(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    number = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{number} {unit}".strip()


def page(found: list[Line]) -> str:
    """docs/performance.md: the head that people wrote, the table, and what limits each row."""
    texts = [f"- **{each['what']}**: {each['limit']}" for each in found if each["limit"]]
    rounds = sorted({each["rounds"] for each in found})
    measured = f"Commit `{found[0]['commit']}`, {' or '.join(map(str, rounds))} rounds each."
    return "\n\n".join(
        [HEAD.strip(), measured, table(found), "## What limits it", "\n".join(texts)]
    )


def write(found: list[Line], folder: Path = ROOT / "docs") -> None:
    (folder / "performance.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    (folder / "performance.md").write_text(page(found) + "\n")


def commit_now() -> str:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    )
    return answer.stdout.strip() or "unknown"
