"""First in, first out (P-06), broken on purpose, and named."""

import pytest
from django.utils import timezone

from agents.models import Agent, Campaign, Project
from contactcenter.testing import ready
from conversations import closing, routing
from conversations.models import Assignment, QueueEntry
from conversations.tests.breaking import assign_by_hand, broken, change, line

__all__ = ["line"]  # a fixture
pytestmark = pytest.mark.django_db


def test_a_younger_one_first_while_the_older_still_waits(
    line: list[QueueEntry], ana: Agent
) -> None:
    jumped = assign_by_hand(line[1], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_a_younger_one_first_and_the_older_later(line: list[QueueEntry], ana: Agent) -> None:
    jumped = assign_by_hand(line[1], ana)
    assign_by_hand(line[0], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_a_younger_one_first_and_the_older_gave_up(line: list[QueueEntry], ana: Agent) -> None:
    jumped = assign_by_hand(line[1], ana)
    closing.abandon(conversation=line[0].conversation)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_the_right_order_is_no_inversion(line: list[QueueEntry], ana: Agent, bruno: Agent) -> None:
    for entry, agent in zip(line, (ana, bruno, ana), strict=True):
        assign_by_hand(entry, agent)
    assert broken() == {}


def test_another_campaigns_queue_is_another_line(line: list[QueueEntry], ana: Agent) -> None:
    sales = Campaign.objects.create(project=ana.project, name="Sales")
    change(line[1], campaign=sales)
    line[1].refresh_from_db()
    assign_by_hand(line[1], ana)
    assert broken() == {}


def test_a_higher_priority_may_go_first(line: list[QueueEntry], ana: Agent) -> None:
    change(line[2], priority=5)
    assign_by_hand(line[2], ana)
    assert broken() == {}


def test_a_lower_priority_may_not(line: list[QueueEntry], ana: Agent) -> None:
    change(line[0], priority=-1)
    jumped = assign_by_hand(line[0], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def return_to_the_line(assignment: Assignment) -> QueueEntry:
    """As a release will: the old place, a new span."""
    now = timezone.now()
    change(assignment, ended_at=now, outcome="released")
    return QueueEntry.objects.create(
        project=assignment.project,
        campaign=assignment.campaign,
        conversation=assignment.conversation,
        arrived_at=assignment.queue_entry.arrived_at,
        entered_at=now,
        is_first=False,
    )


def test_whoever_came_back_has_their_old_place(line: list[QueueEntry], ana: Agent) -> None:
    return_to_the_line(assign_by_hand(line[0], ana))
    jumped = assign_by_hand(line[1], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_what_was_assigned_before_they_came_back_was_right(
    line: list[QueueEntry], ana: Agent
) -> None:
    first = assign_by_hand(line[0], ana)
    assign_by_hand(line[1], ana)
    back = return_to_the_line(first)
    assign_by_hand(back, ana)
    assign_by_hand(line[2], ana)
    assert broken() == {}


@pytest.fixture
def two_lines(line: list[QueueEntry], ana: Agent) -> list[QueueEntry]:
    """The oldest waits for Sales, the others for Support; Ana is in both."""
    sales = Campaign.objects.create(project=ana.project, name="Sales")
    ana.campaigns.add(sales)
    change(line[0], campaign=sales)
    return line


def test_the_newer_of_an_agents_two_lines_first(two_lines: list[QueueEntry], ana: Agent) -> None:
    jumped = assign_by_hand(two_lines[1], ana)
    assert broken() == {}, "not to be told while nobody says which campaigns were hers"
    both = sorted(ana.campaigns.values_list("pk", flat=True))
    change(jumped, reason=jumped.reason | {"campaigns": both})
    assert broken() == {"first-of-all-ones-campaigns": [str(jumped.pk)]}


def test_routing_takes_the_older_of_two_lines_and_writes_down_which_there_were(
    two_lines: list[QueueEntry], ana: Agent, shop: Project
) -> None:
    change(ana, capacity=1)
    ready(ana)
    (given,) = routing.fill(shop.pk)
    assert given.entry.pk == two_lines[0].pk
    assert given.reason["campaigns"] == sorted(ana.campaigns.values_list("pk", flat=True))
    assert broken() == {}
