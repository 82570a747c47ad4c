"""What a run came to, as people read it: two tables and a closing line."""

from rich.table import Table

from conversations import metrics
from conversations.simulation.outcome import Outcome, mean, quantile


def waits(result: Outcome) -> Table:
    table = Table(title="Waits", title_justify="left", title_style="bold")
    for heading in ("Attended", "At once", "Average", "Median", "9 of 10 within", "Longest"):
        table.add_column(heading, justify="right")
    table.add_column("Left waiting", justify="right")
    waits = result.waits
    table.add_row(
        str(result.attended),
        str(result.at_once),
        metrics.clock(mean(waits)),
        metrics.clock(quantile(waits, 0.5)),
        metrics.clock(quantile(waits, 0.9)),
        metrics.clock(max(waits, default=None)),
        str(result.left),
    )
    return table


def work(result: Outcome) -> Table:
    table = Table(
        title=f"Assignments per agent (spread {result.spread})",
        title_justify="left",
        title_style="bold",
    )
    table.add_column("Agent")
    for heading in ("Assignments", "Most at once", "Limit"):
        table.add_column(heading, justify="right")
    for share in result.work:
        table.add_row(share.name, str(share.assignments), str(share.most), str(share.limit))
    return table


def closing(result: Outcome) -> str:
    exchanged = f"{result.messages} messages and {result.answers} answers"
    if result.is_whole:
        slowest = quantile(result.acks, 0.99)
        said = f"; 99 of 100 accepted within {slowest * 1000:.0f} ms" if slowest else ""
        return f"{exchanged}: none lost, no promise broken{said}."
    found = [
        f"{len(result.missing)} accepted messages are not stored",
        f"{len(result.unseen)} answers never reached their customer",
        f"{len(result.broken)} promises broken ({', '.join(result.broken)})",
        f"{len(result.problems)} refusals ({'; '.join(sorted(set(result.problems))[:3])})",
    ]
    return f"{exchanged}. WRONG: " + "; ".join(f for f in found if not f.startswith("0 ")) + "."
