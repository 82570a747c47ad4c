"""A shop and its plain model: who is in it, and whom a step is about."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from agents.models import Agent, Campaign
from contactcenter.testing import make_agent, make_customer, make_inbox, make_project
from conversations import invariants
from conversations.models import Conversation, Message
from conversations.tests.queue_model import Case, Queue, Worker

T = TypeVar("T")
choice = st.integers(0, 999)

steps: set[str] = set()
drawn: set[str] = set()  # those whose turn it was


def step(**arguments: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule of Hypothesis that says when it was its turn."""

    def mark(rule_of: Callable[..., None]) -> Any:
        steps.add(rule_of.__name__)

        @functools.wraps(rule_of)
        def taken(*given: Any, **chosen: Any) -> None:
            drawn.add(rule_of.__name__)
            rule_of(*given, **chosen)

        return rule(**arguments)(taken)

    return mark


def among(things: Iterable[T], number: int) -> T:
    there = list(things)
    return there[number % len(there)]


class Shop(RuleBasedStateMachine):
    """A project with two campaigns and three inboxes, and its model."""

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.project = make_project(capacity=3)
        sales = Campaign.objects.create(project=self.project, name="Sales")
        self.campaigns = [self.project.campaigns.get(name="Support"), sales]
        self.inboxes = [self.project.inboxes.get(), make_inbox(sales), make_inbox(sales)]
        self.customers = [make_customer(self.inboxes[0], name) for name in ("Lucía", "Pablo")]
        self.queue = Queue(self.project.capacity)

    def teardown(self) -> None:
        try:
            connection.check_constraints()
            broken = [one for one in invariants.check(project_id=self.project.pk) if not one.holds]
            assert broken == [], broken
        finally:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def hire(self, name: str, campaigns: list[Campaign]) -> None:
        agent = make_agent(self.project, name, campaigns=campaigns)
        self.queue.workers[agent.pk] = Worker(agent.pk, {one.pk for one in campaigns})

    # Who and what a step is about

    def worker(self, number: int) -> tuple[Agent, Worker]:
        pk = among(sorted(self.queue.workers), number)
        return Agent.objects.select_related("project", "user").get(pk=pk), self.queue.workers[pk]

    def cases(self, is_so: Callable[[Case], bool]) -> list[Case]:
        return [case for case in self.queue.cases.values() if is_so(case)]

    def conversation(self, case: Case) -> Conversation:
        return Conversation.objects.select_related("contact", "identity").get(pk=case.pk)

    def heard(self, message: Message, campaign: int) -> None:
        pk = str(message.conversation_id)
        if pk not in self.queue.cases:
            self.queue.arrive(pk, campaign)
        self.queue.cases[pk].is_answered = False
