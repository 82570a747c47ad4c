"""Projects for so many runs, each with its agents: `python -m faults.scene COUNT AGENTS CAPACITY`
prints them as JSON."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from contactcenter.testing import make_agent, make_project, order_status  # noqa: E402
from conversations.simulation.cast import seat  # noqa: E402

NAMES = ("Ana", "Bruno", "Carla", "Diego", "Elena", "Fabio", "Gloria", "Hugo")


def make(agents: int, capacity: int) -> dict[str, Any]:
    project = make_project("Faults", capacity=capacity)
    typification = order_status(project)
    desks = [seat(make_agent(project, name), "", typification, 0.3) for name in NAMES[:agents]]
    return {
        "project": project.slug,
        "inbox": project.inboxes.get().key,
        "typification": typification.pk,
        "agents": [{"name": desk.name, "cookies": desk.cookies} for desk in desks],
    }


if __name__ == "__main__":
    count, agents, capacity = map(int, sys.argv[1:])
    print(json.dumps([make(agents, capacity) for _ in range(count)]))
