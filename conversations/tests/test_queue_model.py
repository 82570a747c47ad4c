"""Whatever happens in whatever order: routing gives out what the plain model gives out.

After each step: who holds what, who waits in which order, who is available and connected; at the
end the promises in SQL. `QUEUE_EXAMPLES=2000` looks further, with other random numbers each time.
"""

import datetime as dt
import os
import uuid
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agents import presence
from agents.models import Agent, Campaign, ConsoleSession, Project
from contactcenter.testing import (
    make_agent,
    make_customer,
    make_inbox,
    make_project,
    order_status,
    write,
)
from conversations import (
    attending,
    closing,
    inbound,
    invariants,
    missed,
    outbound,
    rebalancing,
    routing,
    staffing,
    transcript,
    wrapping_up,
)
from conversations.models import Assignment, Conversation, Message, QueueEntry, WrapUp
from conversations.tests.queue_model import Case, Queue, Worker

EXAMPLES = int(os.environ.get("QUEUE_EXAMPLES", "0"))
TOMORROW = timezone.now() + dt.timedelta(days=1)
AN_INSTANT = dt.timedelta(microseconds=1)
T = TypeVar("T")
choice = st.integers(0, 999)
limits = st.sampled_from([None, 0, 1, 2, 3])


def among(things: Iterable[T], number: int) -> T:
    there = list(things)
    return there[number % len(there)]


class Shop(RuleBasedStateMachine):
    """A project with two campaigns, three inboxes and four agents, and its model."""

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
        support, sales = self.campaigns
        for name, team in (("Ana", support), ("Bruno", sales), ("Carla", None), ("Diego", None)):
            self.hire(name, self.campaigns if team is None else [team])
            self.an_agent_accepts(len(self.queue.workers) - 1)

    def teardown(self) -> None:
        try:
            connection.check_constraints()
            broken = [one for one in invariants.check(project_id=self.project.pk) if not one.holds]
            assert broken == []
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

    # Customers

    @rule(number=choice, count=st.integers(1, 2))
    def new_people_write(self, number: int, count: int) -> None:
        inbox = among(self.inboxes, number)
        for _ in range(count):
            self.heard(write(inbox), inbox.campaign_id)
            self.queue.fill()

    @rule(number=choice, other=choice)
    def somebody_known_writes(self, number: int, other: int) -> None:
        """Into the open conversation; after its end it is a new one, at the end of the line."""
        inbox = among(self.inboxes, number)
        self.heard(write(inbox, among(self.customers, other), "Again"), inbox.campaign_id)

    @rule(number=choice)
    def somebody_with_priority_arrives(self, number: int) -> None:
        inbox = among(self.inboxes, number)
        customer = make_customer(inbox, "Vera")
        with transaction.atomic():
            now = routing.lock(self.project.pk)
            conversation = inbound._create(inbox, customer, now)
            transcript.append(conversation, author=Message.Author.CONTACT, text="Urgent")
            entry_id = routing.enqueue(conversation, now=now)
            QueueEntry.objects.filter(pk=entry_id).update(priority=1)
            routing.fill(self.project.pk, now=now)
        self.queue.arrive(str(conversation.pk), inbox.campaign_id, priority=1)

    @precondition(lambda self: self.cases(lambda case: not case.is_ended))
    @rule(number=choice)
    def a_customer_leaves(self, number: int) -> None:
        """While waiting it is over; while served the agent ends it."""
        case = among(self.cases(lambda case: not case.is_ended), number)
        inbound.leave(conversation=self.conversation(case))
        if case.is_waiting:
            self.queue.end(case)

    @rule(number=choice, other=choice)
    def a_channel_leads_elsewhere(self, number: int, other: int) -> None:
        inbox, campaign = among(self.inboxes, number), among(self.campaigns, other)
        inbox.campaign = campaign
        inbox.save(update_fields=["campaign"])

    # Agents at work

    @precondition(lambda self: self.cases(lambda case: case.holder is not None))
    @rule(number=choice)
    def an_agent_answers(self, number: int) -> None:
        case = among(self.cases(lambda case: case.holder is not None), number)
        agent = Agent.objects.get(pk=case.holder)
        outbound.send(
            agent=agent, conversation=self.conversation(case), client_id=uuid.uuid4(), text="Yes"
        )
        case.is_answered = True

    @precondition(lambda self: self.cases(lambda case: case.holder is not None))
    @rule(number=choice, count=st.integers(1, 3))
    def some_are_ended(self, number: int, count: int) -> None:
        for _ in range(min(count, len(self.cases(lambda case: case.holder is not None)))):
            case = among(self.cases(lambda case: case.holder is not None), number)
            closing.end(
                agent=Agent.objects.get(pk=case.holder),
                conversation=self.conversation(case),
                typification=order_status(self.project),
            )
            self.queue.end(case)
            self.queue.fill()

    @precondition(lambda self: self.cases(lambda case: case.holder is not None))
    @rule(number=choice)
    def an_agent_opens(self, number: int) -> None:
        case = among(self.cases(lambda case: case.holder is not None), number)
        holder = Agent.objects.get(pk=case.holder)
        attending.open_conversation(agent=holder, conversation=self.conversation(case))
        case.is_opened = True

    @precondition(lambda self: self.queue.finishing)
    @rule(number=choice)
    def somebody_is_ready(self, number: int) -> None:
        pk = among(sorted(self.queue.finishing), number)
        agent = Agent.objects.get(pk=self.queue.finishing.pop(pk))
        wrap_up = WrapUp.objects.get(assignment__conversation=pk)
        wrapping_up.ready(agent=agent, wrap_up=wrap_up)

    @rule(number=choice)
    def an_agent_accepts(self, number: int) -> None:
        """At a console that they open for it, if none is."""
        agent, worker = self.worker(number)
        if not worker.consoles:
            with pytest.raises(attending.NoConsole):
                attending.accept(agent=agent)
            self.a_console_opens(number, "a")
        attending.accept(agent=agent)
        worker.is_available = True
        self.queue.fill()

    @rule(number=choice)
    def an_agent_stops(self, number: int) -> None:
        agent, worker = self.worker(number)
        attending.stop(agent=agent)
        worker.is_available = False

    # Presence

    @rule(number=choice, session=st.sampled_from("ab"))
    def a_console_opens(self, number: int, session: str) -> None:
        """Its lease is longer than any test is slow: it ends when the story says so."""
        agent, worker = self.worker(number)
        console = attending.arrive(agent=agent, session_key=session)
        ConsoleSession.objects.filter(pk=console).update(lease_until=TOMORROW)
        worker.consoles[console] = session

    @precondition(lambda self: any(w.consoles for w in self.queue.workers.values()))
    @rule(number=choice, was_killed=st.booleans())
    def a_console_goes(self, number: int, was_killed: bool) -> None:
        """Closed, or its web process was killed and the lease has run out."""
        pk, console = among(
            [(pk, one) for pk, w in self.queue.workers.items() for one in w.consoles], number
        )
        if was_killed:
            long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
            ConsoleSession.objects.filter(pk=console).update(lease_until=long_ago)
        else:
            attending.leave(agent=Agent.objects.get(pk=pk), console_id=console)
        del self.queue.workers[pk].consoles[console]

    @rule(number=choice, other=choice)
    def somebody_writes_while_an_agent_reloads(self, number: int, other: int) -> None:
        """Available from before: it comes in when the console is back, if it still waits."""
        self.all_consoles_go(number)
        self.new_people_write(other, 1)
        self.a_console_opens(number, "a")

    def all_consoles_go(self, number: int) -> None:
        agent, worker = self.worker(number)
        for console in worker.consoles:
            attending.leave(agent=agent, console_id=console)
        worker.consoles = {}

    @rule(number=choice, session=st.sampled_from("ab"))
    def an_agent_signs_out(self, number: int, session: str) -> None:
        agent, worker = self.worker(number)
        attending.sign_out(user=agent.user, session_key=session)
        worker.consoles = {pk: key for pk, key in worker.consoles.items() if key != session}
        if not worker.consoles:
            self.queue.finish({agent.pk})
        worker.is_available = worker.is_available and bool(worker.consoles)

    @rule(number=choice)
    def an_agent_signs_in(self, number: int) -> None:
        agent, worker = self.worker(number)
        presence.sign_in(agent.user)
        worker.is_available = worker.is_available and bool(worker.consoles)

    # Supervisors: what the admin's pages save, and the verb they call

    @rule(number=choice, limit=limits)
    def an_agents_limit_changes(self, number: int, limit: int | None) -> None:
        agent, worker = self.worker(number)
        self.saved(Agent, agent.pk, capacity=limit)
        worker.own_limit = limit

    @rule(limit=st.integers(0, 3))
    def the_projects_limit_changes(self, limit: int) -> None:
        self.saved(Project, self.project.pk, capacity=limit)
        self.queue.limit = limit

    @rule(numbers=st.lists(choice, min_size=2, max_size=5), limit=st.integers(1, 3))
    def a_rush_is_given_out_in_one_go(self, numbers: list[int], limit: int) -> None:
        """A shift begins: all accept, what was held is ended, people write, and only then may
        agents take any. One run, one instant, both campaigns."""
        self.the_projects_limit_changes(0)
        for number, worker in enumerate(self.queue.workers.values()):
            if worker.is_active and worker.is_agent:
                self.an_agent_accepts(number)
        while held := len(self.cases(lambda case: case.holder is not None)):
            self.some_are_ended(0, held)
        for number in numbers:
            self.new_people_write(number, 1)
        self.the_projects_limit_changes(limit)

    @rule(number=choice, chosen=st.sets(st.integers(0, 1)))
    def an_agents_campaigns_change(self, number: int, chosen: set[int]) -> None:
        agent, worker = self.worker(number)
        worker.campaigns = {self.campaigns[n].pk for n in chosen}
        agent.campaigns.set(worker.campaigns)
        staffing.refit(project_id=self.project.pk)

    @rule(number=choice, right=st.sampled_from(["is_active", "is_agent"]), value=st.booleans())
    def an_agents_right_changes(self, number: int, right: str, value: bool) -> None:
        agent, worker = self.worker(number)
        Agent.objects.filter(pk=agent.pk).update(**{right: value})
        setattr(worker, right, value)
        if worker.is_active and worker.is_agent:
            staffing.refit(project_id=self.project.pk)
        else:
            staffing.withdraw([agent])
            worker.is_available = False

    @rule(number=choice, is_active=st.booleans())
    def a_campaign_closes_or_opens(self, number: int, is_active: bool) -> None:
        """Whoever waits in a closed one is served as before."""
        self.saved(Campaign, among(self.campaigns, number).pk, is_active=is_active)

    @rule(number=choice, seconds=st.sampled_from([0, 60]))
    def a_campaigns_wrap_up_changes(self, number: int, seconds: int) -> None:
        campaign = among(self.campaigns, number)
        self.saved(Campaign, campaign.pk, wrap_up=dt.timedelta(seconds=seconds))
        (self.queue.wrapping.add if seconds else self.queue.wrapping.discard)(campaign.pk)

    @precondition(lambda self: len(self.queue.workers) < 6)
    @rule()
    def somebody_joins(self) -> None:
        self.hire("Elena", self.campaigns)

    def saved(self, model: Any, pk: int, **changed: Any) -> None:
        model.objects.filter(pk=pk).update(**changed)
        staffing.refit(project_id=self.project.pk)

    # The clock

    @rule()
    def ten_seconds_pass(self) -> None:
        rebalancing.rebalance()

    @rule()
    def all_have_finished(self) -> None:
        WrapUp.objects.filter(project=self.project).update(due_at=F("started_at"))
        assert wrapping_up.expire() == len(self.queue.finishing)
        self.queue.finishing = {}

    @rule()
    def what_nobody_opened_is_taken_back(self) -> None:
        Project.objects.filter(pk=self.project.pk).update(open_within=AN_INSTANT)
        missed.take_back()
        Project.objects.filter(pk=self.project.pk).update(open_within=dt.timedelta(0))
        self.queue.take_back()

    @rule(number=choice)
    def somebody_vanishes_and_the_grace_is_over(self, number: int) -> None:
        self.all_consoles_go(number)
        Project.objects.filter(pk=self.project.pk).update(release_grace=AN_INSTANT)
        rebalancing.rebalance()
        Project.objects.filter(pk=self.project.pk).update(release_grace=dt.timedelta(minutes=5))
        self.queue.grace_is_over()

    # Compared after each step

    @invariant()
    def everybody_has_what_the_model_gives(self) -> None:
        self.queue.fill()  # every cause gives out at once: nothing may be left for later
        open_spans = Assignment.objects.filter(project=self.project, ended_at=None)
        expected = {
            case.pk: (case.holder, case.why)
            for case in self.queue.cases.values()
            if case.holder is not None
        }
        held = {
            str(span.conversation_id): (
                span.agent_id,
                (span.reason["load"], span.reason["candidates"]),
            )
            for span in open_spans
        }
        assert held == expected

    @invariant()
    def the_line_is_in_the_models_order(self) -> None:
        line = QueueEntry.objects.filter(project=self.project, ended_at=None)
        order = line.order_by("-priority", "arrived_at", "pk").values_list("conversation")
        assert [str(pk) for (pk,) in order] == [case.pk for case in self.queue.line()]

    @invariant()
    def everybodys_presence_is_the_models(self) -> None:
        agents = Agent.objects.filter(project=self.project)
        there = set(agents.connected().values_list("pk", flat=True))
        assert there == {w.pk for w in self.queue.workers.values() if w.consoles}
        wanting = set(agents.filter(is_available=True).values_list("pk", flat=True))
        assert wanting == {w.pk for w in self.queue.workers.values() if w.is_available}

    @invariant()
    def what_is_over_is_over(self) -> None:
        over = Conversation.objects.filter(project=self.project, ended_at__isnull=False)
        ended = {case.pk for case in self.queue.cases.values() if case.is_ended}
        assert {str(pk) for pk in over.values_list("pk", flat=True)} == ended


@pytest.mark.django_db
def test_routing_gives_out_what_the_plain_model_gives_out() -> None:
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=EXAMPLES or 15,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
        ),
    )
