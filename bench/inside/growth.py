"""The daily questions in a database with few conversations and in one with many: how long each
takes, and whether any of them counts rows or skips over them."""

import re
import sys
import time
from collections.abc import Callable
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents.models import Agent, Project
from bench.inside.crowd import arrive, make_shop
from bench.inside.history import make_history
from bench.inside.meter import Meter
from bench.turns import TURN
from contactcenter.testing import make_supervisor
from conversations import access, estimates, metrics, routing, transcript
from conversations.models import Assignment, Conversation, QueueEntry
from conversations.simulation.cast import session_for
from conversations.transports.webchat import visitors

AGENTS, HELD, WAITING = 100, 6, 50
# One contact's conversations may be counted, and up to where nobody turns pages.
UNBOUNDED = re.compile(r'^SELECT COUNT\(\*\) AS "__count" FROM "conversations_(?!.*contact_id" =)')
Deed = Callable[[], object]


def measure(*, conversations: int, calls: int, turns: int) -> dict[str, float]:
    """Milliseconds, and CPU of both sides, of one call of each; the medians. The first time the
    history is made, later rounds find it. Before each turn it waits until it is told that nobody
    else works: the other database is asked the same just before and just after."""
    shop = Project.objects.filter(name="Bench").first() or made(conversations)
    asked = questions(shop)
    statements = [sql for deed in asked.values() for sql in warm(deed)]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for _ in range(turns):
        for name, deed in asked.items():
            wait_for_turn()
            times[name] += [timed(deed) for _ in range(-(-calls // turns))]
    found: dict[str, float] = {}
    for name, both in times.items():
        took, cpu = zip(*both, strict=True)
        found |= {f"{name}_ms": median(took), f"{name}_cpu_ms": median(cpu)}
    found["counts"] = sum(bool(UNBOUNDED.search(sql)) for sql in statements)
    found["offsets"] = sum(" OFFSET " in sql for sql in statements)
    return found


def wait_for_turn() -> None:
    print(TURN, flush=True)
    sys.stdin.readline()


def warm(deed: Deed) -> list[str]:
    """What it asks, once its statements are prepared."""
    for _ in range(6):
        deed()
    with CaptureQueriesContext(connection) as asked:
        deed()
    return [query["sql"] for query in asked.captured_queries]


def made(conversations: int) -> Project:
    shop = make_shop(AGENTS, HELD)
    make_history(shop, conversations)
    arrive(shop, AGENTS * HELD + WAITING)
    routing.fill(shop.pk)
    return shop


def timed(deed: Deed) -> tuple[float, float]:
    began = time.perf_counter()
    with Meter() as meter:
        deed()
    return (time.perf_counter() - began) * 1000, meter.cpu * 1000


def questions(shop: Project) -> dict[str, Deed]:
    """What agents, customers and supervisors ask all day."""
    agent = shop.agents.filter(is_agent=True).select_related("user", "project").order_by("pk")[0]
    held = Assignment.objects.filter(agent=agent, ended_at=None).first()
    waiting = QueueEntry.objects.filter(project=shop, ended_at=None).last()
    assert held and waiting
    page, home = client(agent), f"/p/{shop.slug}/"
    boss, admin = client(make_supervisor(shop)), "/admin/conversations"
    history = access.history_for(agent, held.conversation)
    newest = held.conversation.messages.order_by("-pk")[0]
    name = Conversation.objects.filter(project=shop).order_by("started_at")[0].contact.name
    token = visitors.new_token()
    over = Conversation.objects.filter(project=shop, ended_at__isnull=False)
    deep = over.order_by("started_at")[100].pk  # the last pages but three
    past, colleague = f"{home}history/", held.agent_id + 7
    return {
        "list": lambda: got(page, home),
        "refresh": lambda: got(page, f"{home}refresh/"),
        "open": lambda: got(page, f"{home}c/{held.conversation_id}/"),
        "older": lambda: transcript.older(history, newest),
        "assign": lambda: assign(shop),
        "position": lambda: estimates.in_line(waiting.conversation_id),
        "figures": lambda: metrics.figures(shop),
        "returning": lambda: visitors.find(shop, token),
        "find_contact": lambda: got(boss, f"{admin}/contact/?q={name}"),
        "find_conversation": lambda: got(boss, f"{admin}/conversation/?q={name}"),
        "history": lambda: got(page, past),
        "history_deep": lambda: got(page, f"{past}?before={deep}"),
        "history_agent": lambda: got(page, f"{past}?agent={colleague}"),
        "history_campaign": lambda: got(page, f"{past}?campaign={held.campaign_id}"),
        "history_name": lambda: got(page, f"{past}?q={name}"),
        "history_thread": lambda: got(page, f"{past}{deep}/"),
        "admin_list": lambda: got(boss, f"{admin}/conversation/"),
    }


def client(agent: Agent) -> Client:
    browser = Client(headers={"host": "localhost"})
    browser.cookies["sessionid"] = session_for(agent.user)
    return browser


def got(browser: Client, url: str) -> None:
    assert browser.get(url).status_code == 200, url


def assign(shop: Project) -> None:
    """A slot comes free, the head of the line gets it, somebody else lines up."""
    freed = Assignment.objects.filter(project=shop, ended_at=None).order_by("pk").first()
    assert freed
    Conversation.objects.filter(pk=freed.conversation_id).update(
        ended_at=freed.started_at, typification=shop.typifications.filter(parent__isnull=False)[0]
    )
    Assignment.objects.filter(pk=freed.pk).update(ended_at=freed.started_at, outcome="ended")
    arrive(shop, 1)
    assert len(routing.fill(shop.pk)) == 1
