"""What customers, supervisors and the clock do in a race; some of it is done too late."""

import json
import random

from django.db import transaction

from agents.models import Agent, Project
from contactcenter.testing import order_status, write
from conversations import (
    attending,
    blocking,
    closing,
    inbound,
    merging,
    offering,
    outbound,
    rebalancing,
    routing,
    staffing,
    transferring,
)
from conversations.models import (
    Assignment,
    Contact,
    Identity,
    QueueEntry,
)

LOST_A_RACE = (
    attending.NoConsole,
    blocking.AlreadyDone,
    closing.AlreadyDone,
    inbound.Blocked,
    merging.NotMerged,
    offering.NoRoom,
    offering.NotOpen,
    outbound.NotYours,
    transferring.CannotTake,
)


class Crowd:
    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self.chance = random.Random(seed)
        self.typification = order_status(project)
        self.inboxes = list(project.inboxes.select_related("project"))
        self.customers = list(
            Identity.objects.filter(contact__project=project).select_related("contact")
        )
        self.campaigns = list(project.campaigns.values_list("pk", flat=True))
        self.consoles: list[tuple[Agent, int]] = []

    def agent(self) -> Agent:
        agents = Agent.objects.filter(project=self.project).select_related("user", "project")
        return self.chance.choice(list(agents))

    def held(self) -> Assignment | None:
        spans = Assignment.objects.filter(project=self.project, ended_at=None)
        there = list(spans.select_related("agent__project", "conversation"))
        return self.chance.choice(there) if there else None

    # Customers

    def arrive(self) -> None:
        write(self.chance.choice(self.inboxes))

    def again(self) -> None:
        """Somebody known: into their open conversation, or as a new one."""
        write(self.chance.choice(self.inboxes), self.chance.choice(self.customers), "Again")

    def leave(self) -> None:
        """Out of the queue, or off the page while served."""
        waiting = QueueEntry.objects.filter(project=self.project, ended_at=None)
        there = [one for one in (waiting.first(), waiting.last(), self.held()) if one]
        if there:
            inbound.leave(conversation=self.chance.choice(there).conversation)

    def merge(self) -> None:
        """Their page goes on as if nothing had happened: it knows the contact of before."""
        one, other = self.chance.sample(self.customers, 2)
        merging.merge(agent=self.agent(), keep=one.contact, other=other.contact)

    def block(self) -> None:
        blocking.block(agent=self.agent(), contact=self.chance.choice(self.customers).contact)

    def unblock(self) -> None:
        shut_out = Contact.objects.filter(project=self.project, blocked_at__isnull=False)
        if one := shut_out.first():
            blocking.unblock(agent=self.agent(), contact=one)

    # Supervisors and the clock

    def fill(self) -> None:
        routing.fill(self.project.pk)

    def limit(self) -> None:
        limit = self.chance.choice([None, None, None, 0, 2, 5])
        with transaction.atomic():
            routing.lock(self.project.pk)
            Agent.objects.filter(pk=self.agent().pk).update(capacity=limit)
            staffing.refit(project_id=self.project.pk)

    def project_limit(self) -> None:
        with transaction.atomic():
            routing.lock(self.project.pk)
            Project.objects.filter(pk=self.project.pk).update(capacity=self.chance.randint(3, 6))
            staffing.refit(project_id=self.project.pk)

    def membership(self) -> None:
        agent = self.agent()
        chosen = [pk for pk in self.campaigns if self.chance.random() < 0.8]
        with transaction.atomic():
            now = routing.lock(self.project.pk)
            agent.campaigns.set(chosen)
            staffing.refit(project_id=self.project.pk)
        change = {"agent": agent.pk, "at": now.isoformat(), "campaigns": chosen}
        print(json.dumps(change), flush=True)

    def rebalance(self) -> None:
        rebalancing.rebalance()
