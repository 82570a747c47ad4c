"""Sixteen processes that bring in customers and give them out at the same time; then judged by
the same second opinion as the tests' races (contactcenter/tests/judging.py)."""

import multiprocessing
import time
from collections import Counter
from multiprocessing.synchronize import Barrier

from django.db import connections

from agents.models import Project
from bench.inside.crowd import analyze, make_shop
from contactcenter.testing import make_customer, write
from contactcenter.tests.judging import judge
from conversations import invariants
from conversations.models import Assignment

FORK = multiprocessing.get_context("fork")
Sides = dict[str, dict[str, float]]


def measure(*, processes: int, agents: int, customers: int, limit: int) -> Sides:
    """More customers than slots: the last ones must wait, nobody may be given more than `limit`."""
    alone = race(1, agents, customers // 4, limit)
    product = race(processes, agents, customers, limit)
    return {"product": {**product, "alone_per_second": alone["starts_per_second"]}}


def race(processes: int, agents: int, customers: int, limit: int) -> dict[str, float]:
    shop = make_shop(agents, limit)
    teams = {
        agent.pk: set(shop.campaigns.values_list("pk", flat=True)) for agent in shop.agents.all()
    }
    people = [make_customer(shop.inboxes.get(), f"C{n}").pk for n in range(customers)]
    analyze()
    took = at_once(processes, shop, people)
    loads = Counter(
        Assignment.objects.filter(project=shop, ended_at=None).values_list("agent", flat=True)
    )
    held = [loads[pk] for pk in teams]
    verdict = judge(shop.pk, teams, [])
    assert verdict.judged == min(customers, agents * limit), "somebody was forgotten"
    return {
        "starts_per_second": customers / took,
        "spread": max(held) - min(held),
        "over_limit": len(verdict.over_limit) + sum(load > limit for load in held),
        "out_of_turn": len(verdict.jumped),
        "uneven": len(verdict.uneven),
        "broken_invariants": sum(not one.holds for one in invariants.check(project_id=shop.pk)),
    }


def at_once(processes: int, shop: Project, people: list[int]) -> float:
    """Seconds until all have written, each of the processes its share."""
    connections.close_all()
    begin = FORK.Barrier(processes + 1)
    shares = [people[number::processes] for number in range(processes)]
    racers = [FORK.Process(target=bring_in, args=(shop, share, begin)) for share in shares]
    for racer in racers:
        racer.start()
    begin.wait()
    began = time.perf_counter()
    for racer in racers:
        racer.join()
    assert not any(racer.exitcode for racer in racers), "a process died"
    return time.perf_counter() - began


def bring_in(shop: Project, people: list[int], begin: Barrier) -> None:
    inbox = shop.inboxes.select_related("project").get()
    customers = list(
        inbox.project.contacts.filter(identities__in=people).prefetch_related("identities")
    )
    begin.wait()
    for customer in customers:
        write(inbox, customer.identities.all()[0])
