"""The promises, asked of the data (promises.md): each check is one statement that selects the ids
of rows that break it. None may ever find anything.

Set-based, so that a million conversations take seconds; `since` leaves out what was over by then.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from conversations.invariants.asking import SCOPE, Finding, Invariant
from conversations.invariants.files import FILES
from conversations.invariants.messages import MESSAGES
from conversations.invariants.projects import PROJECTS
from conversations.invariants.records import RECORDS
from conversations.invariants.states import STATES
from conversations.invariants.work import WORK

__all__ = ["INVARIANTS", "Finding", "Invariant", "check"]

INVARIANTS: list[Invariant] = sorted(
    [*MESSAGES, *STATES, *WORK, *PROJECTS, *RECORDS, *FILES],
    key=lambda invariant: invariant.promise,
)
MOST_NAMED = 5


def check(
    *,
    project_id: int | None = None,
    since: dt.datetime | None = None,
    among: Sequence[Invariant] = INVARIANTS,
) -> Iterator[Finding]:
    """One finding per invariant, all from one snapshot: what happens meanwhile is not seen."""
    values = {"project": project_id, "since": since}
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for invariant in among:
            cursor.execute(
                f"{SCOPE} SELECT count(*), (array_agg(id::text ORDER BY id))[:{MOST_NAMED}] "  # noqa: S608  our own text
                f"FROM ({invariant.sql}) AS offending(id)",
                values,
            )
            count, ids = cursor.fetchone()
            yield Finding(invariant, count, ids or [])
