"""What customers and agents may do next, in the shop and in its plain model."""

import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition

from agents import presence
from agents.models import Agent, ConsoleSession
from contactcenter.testing import make_customer, order_status, write
from conversations import attending, closing, inbound, outbound, routing, transcript, wrapping_up
from conversations.models import Message, QueueEntry, WrapUp
from conversations.tests.queue_shop import Shop, among, choice, step

TOMORROW = timezone.now() + dt.timedelta(days=1)


class ShopAtWork(Shop):
    """Four agents; what customers do, and what agents do about it."""

    def __init__(self) -> None:
        super().__init__()
        support, sales = self.campaigns
        for name, team in (("Ana", support), ("Bruno", sales), ("Carla", None), ("Diego", None)):
            self.hire(name, self.campaigns if team is None else [team])
            self.an_agent_accepts(len(self.queue.workers) - 1)

    # Customers

    @step(number=choice, count=st.integers(1, 2))
    def new_people_write(self, number: int, count: int) -> None:
        inbox = among(self.inboxes, number)
        for _ in range(count):
            self.heard(write(inbox), inbox.campaign_id)
            self.queue.fill()

    @step(number=choice, other=choice)
    def somebody_known_writes(self, number: int, other: int) -> None:
        """Into the open conversation; after its end it is a new one, at the end of the line."""
        inbox = among(self.inboxes, number)
        self.heard(write(inbox, among(self.customers, other), "Again"), inbox.campaign_id)

    @step(number=choice)
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
    @step(number=choice)
    def a_customer_leaves(self, number: int) -> None:
        """While waiting it is over; while served the agent ends it."""
        case = among(self.cases(lambda case: not case.is_ended), number)
        inbound.leave(conversation=self.conversation(case))
        if case.is_waiting:
            self.queue.end(case)

    @step(number=choice, other=choice)
    def a_channel_leads_elsewhere(self, number: int, other: int) -> None:
        inbox, campaign = among(self.inboxes, number), among(self.campaigns, other)
        inbox.campaign = campaign
        inbox.save(update_fields=["campaign"])

    # Agents at work

    @precondition(lambda self: self.cases(lambda case: case.holder is not None))
    @step(number=choice)
    def an_agent_answers(self, number: int) -> None:
        case = among(self.cases(lambda case: case.holder is not None), number)
        agent = Agent.objects.get(pk=case.holder)
        outbound.send(
            agent=agent, conversation=self.conversation(case), client_id=uuid.uuid4(), text="Yes"
        )
        case.is_answered = True

    @precondition(lambda self: self.cases(lambda case: case.holder is not None))
    @step(number=choice, count=st.integers(1, 3))
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
    @step(number=choice)
    def an_agent_opens(self, number: int) -> None:
        case = among(self.cases(lambda case: case.holder is not None), number)
        holder = Agent.objects.get(pk=case.holder)
        attending.open_conversation(agent=holder, conversation=self.conversation(case))
        case.is_opened = True

    @precondition(lambda self: self.queue.finishing)
    @step(number=choice)
    def somebody_is_ready(self, number: int) -> None:
        pk = among(sorted(self.queue.finishing), number)
        agent = Agent.objects.get(pk=self.queue.finishing.pop(pk))
        wrap_up = WrapUp.objects.get(assignment__conversation=pk)
        wrapping_up.ready(agent=agent, wrap_up=wrap_up)

    @step(number=choice)
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

    @step(number=choice)
    def an_agent_stops(self, number: int) -> None:
        agent, worker = self.worker(number)
        attending.stop(agent=agent)
        worker.is_available = False

    # Presence

    @step(number=choice, session=st.sampled_from("ab"))
    def a_console_opens(self, number: int, session: str) -> None:
        """Its lease is longer than any test is slow: it ends when the story says so."""
        agent, worker = self.worker(number)
        console = attending.arrive(agent=agent, session_key=session)
        ConsoleSession.objects.filter(pk=console).update(lease_until=TOMORROW)
        worker.consoles[console] = session

    @precondition(lambda self: any(w.consoles for w in self.queue.workers.values()))
    @step(number=choice, was_killed=st.booleans())
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

    @step(number=choice, other=choice)
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

    @step(number=choice, session=st.sampled_from("ab"))
    def an_agent_signs_out(self, number: int, session: str) -> None:
        agent, worker = self.worker(number)
        attending.sign_out(user=agent.user, session_key=session)
        worker.consoles = {pk: key for pk, key in worker.consoles.items() if key != session}
        if not worker.consoles:
            self.queue.finish({agent.pk})
        worker.is_available = worker.is_available and bool(worker.consoles)

    @step(number=choice)
    def an_agent_signs_in(self, number: int) -> None:
        agent, worker = self.worker(number)
        presence.sign_in(agent.user)
        worker.is_available = worker.is_available and bool(worker.consoles)
