"""What the clock puts right every 10 s, and `manage.py rebalance` on demand."""

from dataclasses import dataclass, field

from conversations import (
    attending,
    leaving,
    missed,
    offering,
    releasing,
    routing,
    silence,
    wrapping_up,
)


@dataclass
class Moved:
    """What a round changed, for its closing line."""

    assigned: int = 0
    expired: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    wrapped_up: int = 0


def rebalance() -> Moved:
    """Turn the vanished to Not available, return their waiting customers and what nobody opened to
    the queue, let go of visitors who left it and of customers who went silent, end wrap-ups and
    offers that are over, then give out whatever waits. Safe to run twice."""
    moved = Moved(
        expired=[agent.name for agent in attending.expire()],
        released=[conversation.title for conversation in releasing.release_vanished()],
        left=[conversation.title for conversation in leaving.expire()],
        silent=[conversation.title for conversation in silence.end()],
        warned=[conversation.title for conversation in silence.warn()],
        wrapped_up=wrapping_up.expire(),
        missed=[conversation.title for conversation in missed.take_back()],
        unanswered=[str(offer) for offer in offering.expire()],
    )
    for project_id in routing.projects_waiting():
        moved.assigned += len(routing.fill(project_id))
    return moved
