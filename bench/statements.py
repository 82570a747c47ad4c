"""How many SQL statements pages take: `python -m bench.statements SESSION PATH…` prints numbers."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


def main() -> None:
    session, *paths = sys.argv[1:]
    client = Client(HTTP_HOST="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200, path
        words = [query["sql"] for query in seen.captured_queries]
        if os.environ.get("SHOW"):
            print(*words, sep="\n", file=sys.stderr)
        print(sum(not word.startswith(("SAVEPOINT", "RELEASE", "BEGIN")) for word in words))


if __name__ == "__main__":
    main()
