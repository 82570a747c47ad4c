"""Celery: the doorbell and the clock. The whole timetable is on this screen.

PostgreSQL holds the work; a task takes ids, is one line, and may run twice without harm.
"""

import os
import time
from typing import Any

from celery import Celery, bootsteps
from celery.beat import PersistentScheduler

from contactcenter import alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

app = Celery("contactcenter")
app.set_default()  # in every thread: whoever rings, rings this one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["agents", "conversations", "internalchat"])
app.conf.beat_schedule = {
    "rebalance": {
        "task": "conversations.tasks.rebalance",
        "schedule": 10.0,
        # A worker that was away must not find a pile of clocks to wind.
        "options": {"expires": 10.0},
    },
    "sweep_attachments": {
        "task": "conversations.tasks.sweep_attachments",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "sweep_files_of_posts": {
        "task": "internalchat.tasks.sweep_files",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "expire_attachments": {
        "task": "conversations.tasks.expire_attachments",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "expire_files_of_posts": {
        "task": "internalchat.tasks.expire_files",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "say_jobs_are_done": {
        "task": "contactcenter.celery.say_jobs_are_done",
        "schedule": alive.JOB_EVERY,
        "options": {"expires": alive.JOB_EVERY},
    },
}


@app.task
def say_jobs_are_done() -> None:
    """A worker may live and its jobs stand still: this one tells /readyz that they do not."""
    alive.say(alive.JOBS)


class SayAlive(bootsteps.StartStopStep):
    """The worker tells /readyz that it lives, from its own timer."""

    requires = {"celery.worker.components:Timer"}

    def start(self, parent: Any) -> None:
        is_for_files = alive.FILES in parent.app.amqp.queues.consume_from
        part = alive.FILES if is_for_files else alive.WORKER
        alive.say(part)
        parent.timer.call_repeatedly(alive.EVERY, alive.say, (part,))


app.steps["worker"].add(SayAlive)


class Scheduler(PersistentScheduler):
    """Beat's clock, which also tells /readyz that it ticks."""

    _said = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait = super().tick(*args, **kwargs)
        if time.monotonic() - self._said >= alive.EVERY:
            self._said = time.monotonic()
            alive.say(alive.BEAT)
        return min(wait, alive.EVERY)
