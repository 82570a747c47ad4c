import asyncio
import contextlib
import json
import random
import sys
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from agents.models import Agent
from conversations.models import Inbox
from conversations.simulation import cast, outcome, report, traffic
from conversations.simulation.customer import Customer
from conversations.simulation.desk import Desk
from conversations.simulation.outcome import Outcome

DEMO_INBOX = "demo"
MOST_CUSTOMERS = 5000


class Command(BaseCommand):
    help = (
        "Sends made-up customers into a web chat of the running product: they arrive, write, wait, "
        "answer and leave, over the same socket as real ones. Shows live how many wait and are "
        "served; closes with the waits, the assignments per agent and their spread, and whether "
        "anything was lost. Whoever is signed in answers them; with --agents N the command plays "
        "N agents of the campaign itself. The customers stay in the data, named Simulated 1, 2, …"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--inbox", default=DEMO_INBOX, metavar="KEY", help="the web chat (default: %(default)s)"
        )
        parser.add_argument(
            "--customers",
            type=positive,
            default=20,
            metavar="N",
            help=f"how many, at most {MOST_CUSTOMERS} (default: 20)",
        )
        parser.add_argument(
            "--over",
            type=duration,
            default=60.0,
            metavar="SECONDS",
            help="they arrive within this time (default: 60)",
        )
        parser.add_argument(
            "--agents",
            type=natural,
            default=0,
            metavar="N",
            help="play this many agents of the campaign who have no console open (default: none)",
        )
        parser.add_argument(
            "--lines",
            type=positive,
            default=3,
            metavar="N",
            help="each customer writes one to N messages (default: 3)",
        )
        parser.add_argument(
            "--patience",
            type=duration,
            default=120.0,
            metavar="SECONDS",
            help="without an answer they leave after about this long (default: 120)",
        )
        parser.add_argument(
            "--thinking",
            type=duration,
            default=4.0,
            metavar="SECONDS",
            help="how long customers and played agents take for a message (default: 4)",
        )
        parser.add_argument(
            "--seed", type=int, metavar="N", help="the same number gives the same customers again"
        )
        parser.add_argument(
            "--address",
            default=settings.PUBLIC_URL,
            metavar="URL",
            help="where the product is (default: PUBLIC_URL, now %(default)s)",
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="needed outside the demonstration: the customers count in today's figures",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(file=options.get("stdout") or sys.stdout)
        inbox = inbox_named(options["inbox"])
        if not (settings.DEMO or options["yes"]):
            raise CommandError(
                f"This writes {options['customers']} made-up customers into {inbox.project}, where "
                "they count in today's figures. Say --yes if that is what you want."
            )
        address = options["address"].rstrip("/")
        check_address(address)
        seed = random.randrange(10**6) if options["seed"] is None else options["seed"]  # noqa: S311
        plan = traffic.Plan(
            options["customers"],
            options["over"],
            options["lines"],
            options["patience"],
            options["thinking"],
            seed,
        )
        agents, desks = self._seat(inbox, address, options)
        customers = [Customer(story, *doors_of(inbox, address)) for story in plan.stories()]
        since = now()
        if not options["json"]:
            self._announce(inbox, plan, agents)
        try:
            self._play(customers, desks, is_shown=not options["json"])
        finally:
            cast.clear(agents, desks)
        problems = [problem for desk in desks for problem in desk.problems]
        self._close(outcome.of(inbox.project, customers, problems, since), seed, options["json"])

    def _seat(
        self, inbox: Inbox, address: str, options: dict[str, Any]
    ) -> tuple[list[Agent], list[Desk]]:
        try:
            agents = cast.free_agents(inbox.campaign, options["agents"])
        except cast.NotEnough as problem:
            raise CommandError(
                f"Only {problem.free} agents of {inbox.campaign} have no console open and can be "
                f"played. Ask for fewer with --agents {problem.free}, or sign some out."
            ) from None
        typification = cast.typification_for(inbox.campaign)
        if agents and typification is None:
            raise CommandError(
                f"{inbox.campaign} has no typification without a comment, so nobody could end."
            )
        desks = [
            cast.seat(agent, address, typification, options["thinking"])
            for agent in agents
            if typification
        ]
        return agents, desks

    def _announce(self, inbox: Inbox, plan: traffic.Plan, agents: list[Agent]) -> None:
        names = ", ".join(agent.name for agent in agents)
        self.stdout.write(
            f"{plan.customers} customers within {plan.over:g} s into {inbox} of {inbox.project} "
            f"(--seed {plan.seed})." + (f" Played: {names}." if names else "")
        )
        accepting = Agent.objects.accepting().filter(campaigns=inbox.campaign)
        if not agents and not accepting.exists():
            self.stdout.write(
                self.style.WARNING(
                    f"Nobody accepts conversations in {inbox.campaign} now: they will wait, and "
                    "leave. Sign in and press Accept, or play agents with --agents 3."
                )
            )

    def _play(self, customers: list[Customer], desks: list[Desk], *, is_shown: bool) -> None:
        columns = (
            BarColumn(),
            TextColumn("{task.completed}/{task.total} done"),
            TextColumn("· {task.fields[waiting]} waiting · {task.fields[served]} with an agent"),
            TextColumn("· {task.fields[left]} left ·"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, disable=not is_shown, console=Console(file=sys.stderr)) as bar:
            task = bar.add_task("", total=len(customers), waiting=0, served=0, left=0)

            def show(stages: Counter[str]) -> None:
                bar.update(
                    task,
                    completed=stages["ended"] + stages["left"],
                    waiting=stages["waiting"],
                    served=stages["served"],
                    left=stages["left"],
                )

            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(traffic.run(customers, desks, show))

    def _close(self, result: Outcome, seed: int, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"seed": seed, **result.as_json()}))
        else:
            self.console.print(report.waits(result), report.work(result))
            self.stdout.write(report.closing(result))
        if not result.is_whole:
            raise SystemExit(1)


def inbox_named(key: str) -> Inbox:
    """Raises CommandError that lists what there is."""
    chats = Inbox.objects.filter(kind=Inbox.Kind.WEBCHAT, is_active=True)
    if inbox := chats.filter(key=key).select_related("project", "campaign__project").first():
        return inbox
    known = ", ".join(chats.order_by("key").values_list("key", flat=True)) or "none yet"
    raise CommandError(f"There is no web chat with the key {key}. There are: {known}.")


def check_address(address: str) -> None:
    """Raises CommandError when nobody answers there."""
    try:
        httpx.get(f"{address}/healthz", timeout=10, trust_env=False).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        raise CommandError(
            f"The product does not answer at {address} ({problem}). Start it with bin/run, or say "
            "where it is with --address."
        ) from None


def doors_of(inbox: Inbox, address: str) -> tuple[str, str]:
    """The web chat's socket, and the origin of its page."""
    parts = urlsplit(address)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return f"{scheme}://{parts.netloc}/ws/webchat/{inbox.key}/", f"{parts.scheme}://{parts.netloc}"


def now() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def positive(text: str) -> int:
    """A count from 1; argparse makes a sentence of the error."""
    number = int(text)
    if not 1 <= number <= MOST_CUSTOMERS:
        raise ValueError
    return number


def natural(text: str) -> int:
    return 0 if text == "0" else positive(text)


def duration(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 24 * 60 * 60:
        raise ValueError
    return seconds
