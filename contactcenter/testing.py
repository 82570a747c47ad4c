"""The cast of the tests: Ana and Bruno (agents), Sofía (supervisor), Lucía (customer), Mallory
(a stranger from another project). Each story makes its own projects, so stories never meet.
"""

import itertools
import random
import threading
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.utils.text import slugify

from agents import presence
from agents.layers import PatientLayer
from agents.models import Agent, Campaign, Project, User
from conversations import estimates, inbound
from conversations.models import Conversation, Identity, Inbox, Message, Typification
from conversations.transports.webchat import visitors
from media import rules
from media.starting import WEB_CHAT

PASSWORD = "correct horse battery staple"
T = TypeVar("T")
numbers = itertools.count(1)


def make_project(name: str = "Tienda Norte", *, capacity: int = 6, **fields: Any) -> Project:
    """A project with the campaign Support, a web chat and two typifications."""
    slug = f"{slugify(name)}-{next(numbers)}-{uuid.uuid4().hex[:6]}"
    project = Project.objects.create(name=name, slug=slug, capacity=capacity, **fields)
    support = Campaign.objects.create(project=project, name="Support")
    make_inbox(support)
    group = Typification.objects.create(project=project, name="Order")
    Typification.objects.create(project=project, parent=group, name="Order status")
    Typification.objects.create(project=project, parent=group, name="Complaint", needs_comment=True)
    return project


def make_inbox(campaign: Campaign, **fields: Any) -> Inbox:
    return Inbox.objects.create(
        media_rules=rules.establish(campaign.project)[WEB_CHAT],
        project=campaign.project,
        campaign=campaign,
        key=f"chat-{next(numbers)}-{uuid.uuid4().hex[:6]}",
        name=f"{campaign} chat",
        **fields,
    )


def make_agent(
    project: Project, name: str = "Ana", *, campaigns: list[Campaign] | None = None, **fields: Any
) -> Agent:
    """A person with that first name, in all of the project's campaigns unless told."""
    user = User.objects.create(
        username=f"{slugify(name)}-{next(numbers)}-{uuid.uuid4().hex[:6]}",
        password=hashed_password(PBKDF2PasswordHasher.iterations),
        first_name=name,
    )
    agent = Agent.objects.create(user=user, project=project, **fields)
    agent.campaigns.set(project.campaigns.all() if campaigns is None else campaigns)
    return agent


@cache
def hashed_password(iterations: int) -> str:
    """Hashing is slow on purpose; everybody in the cast has the same password."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(PASSWORD, hasher.salt(), iterations)


def make_supervisor(project: Project, name: str = "Sofía") -> Agent:
    return make_agent(project, name, campaigns=[], is_agent=False, is_supervisor=True)


def ready(agent: Agent) -> Agent:
    """With a console open and available, as after pressing Accept on an empty queue."""
    presence.arrive(agent=agent, session_key=uuid.uuid4().hex)
    presence.declare(agent=agent, is_available=True)
    return agent


def make_customer(inbox: Inbox, name: str = "Lucía") -> Identity:
    return visitors.find_or_create(inbox.project, visitors.new_token(), name=name, language="en")


def write(inbox: Inbox, customer: Identity | None = None, text: str = "Hello") -> Message:
    """A customer writes; without one, somebody new does."""
    customer = customer or make_customer(inbox)
    client_id = uuid.uuid4()
    incoming = inbound.Incoming(
        provider_id=f"{customer.value}:{client_id}", client_id=client_id, text=text
    )
    return inbound.receive(inbox=inbox, identity=customer, incoming=incoming)


def arrivals(inbox: Inbox, count: int) -> list[Conversation]:
    """So many new customers, one after the other."""
    return [write(inbox, text=f"I am number {n + 1}").conversation for n in range(count)]


def order_status(project: Project) -> Typification:
    return Typification.objects.get(project=project, name="Order status")


def holder_of(conversation: Conversation) -> Agent | None:
    assignment = conversation.assignments.filter(ended_at=None).select_related("agent").first()
    return assignment.agent if assignment else None


def place_of(conversation: Conversation) -> int | None:
    """Its place in its campaign's line, from 1; None when it does not wait."""
    found = estimates.in_line(conversation.pk)
    return found.position if found else None


def at_once(calls: list[Callable[[], T]]) -> list[T]:
    """Run the calls in as many threads, started together; raises what any of them raised."""
    barrier = threading.Barrier(len(calls))
    results: list[T] = []
    problems: list[BaseException] = []

    def run(call: Callable[[], T]) -> None:
        barrier.wait()
        try:
            results.append(call())
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if problems:
        raise problems[0]
    return results


class LossyChannelLayer(PatientLayer):
    """The real layer, but one push in three is lost: what a screen must survive."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if message["type"] == "frame" and random.random() < 1 / 3:
            return
        await self._get_layer().group_send(group, message)
