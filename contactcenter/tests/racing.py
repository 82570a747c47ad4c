"""One of several processes that work on the same queue: `python -m contactcenter.tests.racing
PROJECT_ID SEED ROUNDS`. Each round something happens that others do at the same instant.

Prints a line of JSON for each change of an agent's campaigns: no row keeps when that was.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from agents.models import Project  # noqa: E402
from contactcenter.tests.racers import Racer  # noqa: E402

if __name__ == "__main__":
    project_id, seed, rounds = map(int, sys.argv[1:])
    racer = Racer(Project.objects.get(pk=project_id), seed)
    for number in range(rounds):
        racer.round(number)
