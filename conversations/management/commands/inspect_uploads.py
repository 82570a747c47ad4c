import json
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import track

from agents.management.choosing import project_named
from agents.models import Project
from conversations import filing
from media import uploads

WAITING = "waiting"


class Command(BaseCommand):
    help = (
        "Checks at once the files that wait for their verdict, as the workers for files do, and "
        "tells every screen. Files somebody is checking now are left to them. With --again also "
        "those that were refused because they could not be checked. Safe while the product runs, "
        "and twice. Exit code 1 when a file still waits: the scanner or the storage is away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="only this project")
        parser.add_argument(
            "--again", action="store_true", help="also what was refused as not to be checked"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        project = project_named(options["project"]) if options["project"] else None
        is_dry, is_json = options["dry_run"], options["json"]
        again = filing.again(project, is_dry=is_dry) if options["again"] else 0
        waiting = names(project)
        found: Counter[str] = Counter()
        if not is_dry:
            found = inspect(waiting, quietly=is_json or not self.stdout.isatty())
        if is_json:
            said = {"waiting": len(waiting), "again": again, "found": dict(found)}
            self.stdout.write(json.dumps(said))
        else:
            self._say(len(waiting), again, found, is_dry=is_dry)
        if found[WAITING]:
            raise SystemExit(1)

    def _say(self, waiting: int, again: int, found: Counter[str], *, is_dry: bool) -> None:
        if is_dry:
            self.stdout.write(f"{waiting} wait, {again} could be checked again. Nothing was done.")
            return
        still = f" {found[WAITING]} still wait." if found[WAITING] else ""
        self.stdout.write(
            f"Checked {waiting}: {found['ready']} ready, {found['refused']} refused.{still}"
        )


def names(project: Project | None) -> list[uuid.UUID]:
    due = uploads.due()
    return list((due.filter(project=project) if project else due).values_list("pk", flat=True))


def inspect(waiting: list[uuid.UUID], *, quietly: bool) -> Counter[str]:
    """How many became what; WAITING for those that could not be decided now."""
    every: Iterable[uuid.UUID] = waiting
    if not quietly:
        every = track(waiting, "Checking", console=Console(stderr=True), transient=True)
    found: Counter[str] = Counter()
    for upload_id in every:
        upload = filing.inspect_to_the_end(upload_id)
        found[upload.state if upload else WAITING] += 1
    return found
