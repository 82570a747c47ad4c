"""What the clock puts right every 10 s, and `manage.py rebalance` on demand."""

from dataclasses import dataclass, field

from conversations import attending, leaving, offering, releasing, routing


@dataclass
class Moved:
    """What a round changed, for its closing line."""

    assigned: int = 0
    expired: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def rebalance() -> Moved:
    """Turn the vanished to Not available, return their waiting customers to the queue, let go of
    visitors who left it, end offers that nobody answered, then give out whatever waits.
    Safe to run twice."""
    moved = Moved(
        expired=[agent.name for agent in attending.expire()],
        released=[conversation.title for conversation in releasing.release_vanished()],
        left=[conversation.title for conversation in leaving.expire()],
        unanswered=[str(offer) for offer in offering.expire()],
    )
    for project_id in routing.projects_waiting():
        moved.assigned += len(routing.fill(project_id))
    return moved
