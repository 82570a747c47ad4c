"""One of several processes that work on the same queue: `python -m contactcenter.tests.racing
PROJECT_ID SEED ROUNDS`. Each round something happens that others do at the same instant."""

import contextlib
import os
import random
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from agents.models import Agent, Project  # noqa: E402
from contactcenter.testing import order_status, write  # noqa: E402
from conversations import attending, closing, outbound, routing  # noqa: E402
from conversations.models import Assignment, QueueEntry  # noqa: E402


class Racer:
    def __init__(self, project: Project, seed: int) -> None:
        self.project = project
        self.inbox = project.inboxes.get()
        self.typification = order_status(project)
        self.chance = random.Random(seed)

    def round(self) -> None:
        deeds = [self.arrive, self.arrive, self.end, self.end, self.fill, self.leave, self.toggle]
        self.chance.choice(deeds)()

    def arrive(self) -> None:
        write(self.inbox)

    def end(self) -> None:
        held = list(
            Assignment.objects.filter(project=self.project, ended_at=None).select_related(
                "agent__project", "conversation"
            )[:20]
        )
        if held:
            one = self.chance.choice(held)
            with contextlib.suppress(closing.AlreadyDone, outbound.NotYours):
                closing.end(
                    agent=one.agent,
                    conversation=one.conversation,
                    typification=self.typification,
                )

    def fill(self) -> None:
        routing.fill(self.project.pk)

    def leave(self) -> None:
        entry = QueueEntry.objects.filter(project=self.project, ended_at=None).first()
        if entry:
            closing.abandon(conversation=entry.conversation)

    def toggle(self) -> None:
        agent = self.chance.choice(list(Agent.objects.filter(project=self.project)))
        if self.chance.random() < 0.3:
            attending.stop(agent=agent)
        else:
            attending.accept(agent=agent)


if __name__ == "__main__":
    project_id, seed, rounds = map(int, sys.argv[1:])
    racer = Racer(Project.objects.get(pk=project_id), seed)
    for _ in range(rounds):
        racer.round()
