import json
import sys
import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from agents.management.choosing import project_named
from agents.models import Project
from conversations import metrics, waiting
from conversations.waiting import Line

EVERY = 2.0  # seconds between two looks
LATE = 60.0  # seconds from which a wait is shown in colour


class Command(BaseCommand):
    help = (
        "Who waits, for how long and why, and who could serve them: per campaign the queue, the "
        "free slots and the agents with their load. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="only this project")
        parser.add_argument(
            "--watch", action="store_true", help=f"again every {EVERY:.0f} s, until Ctrl-C"
        )
        parser.add_argument(
            "--json", action="store_true", help="for scripts; with --watch one object a line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug, console = options["project"], Console(file=options.get("stdout") or sys.stdout)
        if options["json"]:
            self._json(slug, options["watch"])
        elif options["watch"]:
            with Live(picture(look(slug)), console=console, screen=console.is_terminal) as live:
                again(lambda: live.update(picture(look(slug)), refresh=True))
            self.stdout.write("\nStopped watching.")
        else:
            projects = look(slug)
            console.print(picture(projects))
            waits = sum(line.waiting for _, lines in projects for line in lines)
            self.stdout.write(f"{waits} waiting in {len(projects)} project(s).")

    def _json(self, slug: str | None, watch: bool) -> None:
        def say() -> None:
            self.stdout.write(json.dumps({"projects": [as_json(*each) for each in look(slug)]}))
            self.stdout.flush()

        say()
        if watch:
            again(say)


def again(act: Any) -> None:
    """Until Ctrl-C, which is how one leaves."""
    try:
        while True:
            time.sleep(EVERY)
            act()
    except KeyboardInterrupt:
        return


def look(slug: str | None) -> list[tuple[Project, list[Line]]]:
    projects = [project_named(slug)] if slug else list(Project.objects.all())
    return [(project, waiting.lines(project)) for project in projects]


def picture(projects: list[tuple[Project, list[Line]]]) -> Group:
    parts: list[Table | Text] = []
    for project, lines in projects:
        parts.append(table(project, lines))
        parts += [
            Text(f"  The first one in {line.campaign} waits: {line.why}")
            for line in lines
            if line.why
        ]
    return Group(*parts)


def table(project: Project, lines: list[Line]) -> Table:
    result = Table(title=project.name, title_justify="left", title_style="bold")
    result.add_column("Campaign")
    for heading in ("Waiting", "Longest", "Free slots"):
        result.add_column(heading, justify="right")
    result.add_column("Agents")
    for line in lines:
        late = "red" if (line.longest_seconds or 0) >= LATE else ""
        result.add_row(
            line.campaign.name,
            str(line.waiting),
            Text(metrics.clock(line.longest_seconds), style=late),
            str(line.free),
            team(line),
        )
    return result


def team(line: Line) -> str:
    """Who is there by name with load and limit; the others only counted."""
    there = [
        f"{place.name} {place.load}/{place.limit} {str(waiting.STATES[place.state]).lower()}"
        for place in line.team
        if place.state != "not_connected"
    ]
    away = Counter(place.state for place in line.team)["not_connected"]
    return "\n".join([*there, *([f"{away} not connected"] if away else [])]) or "–"


def as_json(project: Project, lines: list[Line]) -> dict[str, Any]:
    return {
        "project": project.slug,
        "campaigns": [
            {
                "name": line.campaign.name,
                "waiting": line.waiting,
                "longest_seconds": line.longest_seconds,
                "free_slots": line.free,
                "why": line.why,
                "agents": [
                    {
                        "name": place.name,
                        "state": place.state,
                        "load": place.load,
                        "limit": place.limit,
                    }
                    for place in line.team
                ],
            }
            for line in lines
        ],
    }
