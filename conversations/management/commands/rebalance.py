import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conversations import rebalancing


class Command(BaseCommand):
    help = (
        "Does at once what the clock does every 10 seconds: turns agents who vanished to Not "
        "available, returns their waiting customers to the queue, lets go of web visitors who left "
        "while waiting, ends offers that nobody answered, and gives out whatever waits. "
        "Safe at any time, and twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        moved = rebalancing.rebalance()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(moved)))
            return
        gone = f" Not available any more: {', '.join(moved.expired)}." if moved.expired else ""
        back = f" Back in the queue: {', '.join(moved.released)}." if moved.released else ""
        left = f" Left while waiting: {', '.join(moved.left)}." if moved.left else ""
        late = f" Not answered: {', '.join(moved.unanswered)}." if moved.unanswered else ""
        self.stdout.write(f"Assigned {moved.assigned}.{gone}{back}{left}{late}")
