"""The product's people for a run: `python -m bench.scene AGENTS CAPACITY` prints them as JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from django.conf import settings  # noqa: E402

from agents import presence  # noqa: E402
from contactcenter.testing import make_agent, make_project, order_status  # noqa: E402
from conversations.simulation.cast import seat  # noqa: E402


def main() -> None:
    agents, capacity = map(int, sys.argv[1:])
    project = make_project("Bench", capacity=capacity)
    consoles = []
    for number in range(agents):
        agent = make_agent(project, f"Agent {number}")
        presence.declare(agent=agent, is_available=True)
        desk = seat(agent, settings.PUBLIC_URL, order_status(project), thinking=0)
        consoles.append((agent.pk, project.slug, desk.cookies[settings.SESSION_COOKIE_NAME]))
    print(json.dumps({"inbox": project.inboxes.get().key, "consoles": consoles}))


if __name__ == "__main__":
    main()
