"""All that the data is asked about the promises: every room's checks, in their order."""

import datetime as dt
from collections.abc import Iterator

from conversations import invariants
from conversations.invariants import Finding, Invariant
from internalchat.invariants import INTERNAL

INVARIANTS: list[Invariant] = sorted(
    [*invariants.INVARIANTS, *INTERNAL], key=lambda invariant: invariant.promise
)


def check(*, project_id: int | None = None, since: dt.datetime | None = None) -> Iterator[Finding]:
    """As `conversations.invariants.check`, of all rooms."""
    return invariants.check(project_id=project_id, since=since, among=INVARIANTS)
