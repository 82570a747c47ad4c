import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conversations import rebalancing


class Command(BaseCommand):
    help = (
        "Does at once what the clock does every 10 seconds: turns agents who vanished to Not "
        "available, returns their waiting customers and what nobody opened in time to the "
        "queue, lets go of web visitors who left while waiting and of customers who went silent, "
        "ends wrap-ups and offers that are over, and gives out whatever waits. Safe at any time, "
        "and twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        moved = rebalancing.rebalance()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(moved)))
            return
        said = [
            f" {what}: {', '.join(names)}."
            for what, names in (
                ("Not available any more", moved.expired),
                ("Back in the queue", moved.released),
                ("Not opened in time", moved.missed),
                ("Left while waiting", moved.left),
                ("Silent, warned", moved.warned),
                ("Silent, ended", moved.silent),
                ("Not answered", moved.unanswered),
            )
            if names
        ]
        if moved.wrapped_up:
            said.append(f" Wrap-ups over: {moved.wrapped_up}.")
        self.stdout.write(f"Assigned {moved.assigned}.{''.join(said)}")
