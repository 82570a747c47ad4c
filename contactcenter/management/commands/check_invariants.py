import datetime as dt
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from agents.management.choosing import project_named
from contactcenter import promises
from conversations.invariants import Finding


class Command(BaseCommand):
    help = (
        "Asks the data whether the promises hold: no message lost or doubled, strictly first in "
        "first out, no agent over the limit, no conversation in two states, no project in another. "
        "Changes nothing and disturbs nobody; safe while the product runs. Exit code 1 when "
        "anything is found."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="only this project")
        parser.add_argument(
            "--since",
            type=float,
            metavar="HOURS",
            help="leave out what was over that long ago; without it, all history",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        project_id = project_named(options["project"]).pk if options["project"] else None
        hours = options["since"]
        since = None if hours is None else timezone.now() - dt.timedelta(hours=hours)
        started = time.monotonic()
        findings = []
        for finding in promises.check(project_id=project_id, since=since):
            findings.append(finding)
            if not options["json"]:
                self._say(finding)
        broken = [finding for finding in findings if not finding.holds]
        if options["json"]:
            self.stdout.write(json.dumps({"holds": not broken, "checks": list(map(row, findings))}))
        else:
            self._close(len(findings), len(broken), time.monotonic() - started)
        if broken:
            raise SystemExit(1)

    def _say(self, finding: Finding) -> None:
        invariant = finding.invariant
        mark = self.style.SUCCESS("ok    ") if finding.holds else self.style.ERROR("BROKEN")
        self.stdout.write(f"{mark} {invariant.promise} {invariant.name}: {invariant.sentence}")
        if not finding.holds:
            more = " …" if finding.count > len(finding.ids) else ""
            self.stdout.write(f"       {finding.count} found: {', '.join(finding.ids)}{more}")

    def _close(self, asked: int, broken: int, seconds: float) -> None:
        verdict = f"{broken} of {asked} invariants are broken" if broken else f"All {asked} hold"
        self.stdout.write(f"{verdict} ({seconds:.1f} s).")


def row(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.invariant.name,
        "promise": finding.invariant.promise,
        "sentence": finding.invariant.sentence,
        "holds": finding.holds,
        "count": finding.count,
        "ids": finding.ids,
    }
