"""A conversation ends with a typification, and its slot goes to the head of the queue."""

import pytest
from django.core.exceptions import ValidationError

from agents.models import Agent, Campaign
from contactcenter.testing import (
    arrivals,
    at_once,
    holder_of,
    make_customer,
    order_status,
    ready,
    write,
)
from conversations import attending, closing
from conversations.models import Assignment, Identity, Inbox, Typification

pytestmark = pytest.mark.django_db


def test_the_end_says_who_comes_in(web: Inbox, ana: Agent) -> None:
    """R57."""
    ready(ana)
    *six, seventh = arrivals(web, 7)
    assigned = closing.end(agent=ana, conversation=six[0], typification=order_status(web.project))
    assert [(a.conversation_id, a.agent_id) for a in assigned] == [(seventh.pk, ana.pk)]
    six[0].refresh_from_db()
    assert (six[0].ended_by, six[0].typification) == (ana, order_status(web.project))


def test_nobody_comes_in_while_not_accepting(web: Inbox, ana: Agent) -> None:
    """R57: the slot is free, the queue stays."""
    ready(ana)
    *six, seventh = arrivals(web, 7)
    attending.stop(agent=ana)
    assert closing.end(agent=ana, conversation=six[0], typification=order_status(web.project)) == []
    assert holder_of(seventh) is None


def test_a_typification_is_required_to_be_one_of_the_list(
    web: Inbox, lucia: Identity, ana: Agent
) -> None:
    """Reserved ones, groups, other campaigns' and other projects' are not offered."""
    ready(ana)
    conversation = write(web, lucia).conversation
    shop = web.project
    sales = Campaign.objects.create(project=shop, name="Sales")
    wrong = [
        closing.reserved(web.project_id, Typification.Reserved.ABANDONED),
        Typification.objects.get(project=shop, name="Order"),
        Typification.objects.create(project=shop, campaign=sales, name="Sold"),
        Typification.objects.create(project=shop, name="Old", is_active=False),
    ]
    for typification in wrong:
        with pytest.raises(ValidationError):
            closing.end(agent=ana, conversation=conversation, typification=typification)
    conversation.refresh_from_db()
    assert conversation.is_open


def test_some_ask_for_a_comment(web: Inbox, lucia: Identity, ana: Agent) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    complaint = Typification.objects.get(project=web.project, name="Complaint")
    with pytest.raises(ValidationError, match="comment"):
        closing.end(agent=ana, conversation=conversation, typification=complaint, comment="  ")
    closing.end(agent=ana, conversation=conversation, typification=complaint, comment="Late")
    conversation.refresh_from_db()
    assert conversation.comment == "Late"


def test_bruno_cannot_end_what_ana_holds(
    web: Inbox, lucia: Identity, ana: Agent, bruno: Agent
) -> None:
    ready(ana)
    conversation = write(web, lucia).conversation
    with pytest.raises(closing.AlreadyDone):
        closing.end(agent=bruno, conversation=conversation, typification=order_status(web.project))
    conversation.refresh_from_db()
    assert conversation.is_open


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_ends_of_one_conversation_are_one(self, web: Inbox, ana: Agent) -> None:
        ready(ana)
        conversation = write(web, make_customer(web)).conversation
        results = at_once([lambda: attempt(ana, conversation) for _ in range(4)])
        assert sorted(results) == [False, False, False, True]

    def test_two_ends_at_the_same_instant_bring_in_two_different_people(
        self, web: Inbox, ana: Agent
    ) -> None:
        """R18."""
        ready(ana)
        waiting = arrivals(web, 8)
        at_once([lambda c=c: attempt(ana, c) for c in waiting[:2]])
        held = Assignment.objects.filter(ended_at=None)
        assert held.count() == 6
        assert {a.conversation for a in held} >= set(waiting[6:])

    def test_whoever_leaves_at_the_instant_of_the_assignment_is_in_one_place(
        self, web: Inbox, ana: Agent
    ) -> None:
        typification = order_status(web.project)
        ready(ana)
        for _ in range(8):
            ana.refresh_from_db()
            attending.stop(agent=ana)
            conversation = write(web, make_customer(web)).conversation
            at_once(
                [
                    lambda: attending.accept(agent=ana),
                    lambda c=conversation: closing.abandon(conversation=c),
                ]
            )
            conversation.refresh_from_db()
            assert conversation.is_open == (holder_of(conversation) is not None)
            if conversation.is_open:
                closing.end(agent=ana, conversation=conversation, typification=typification)


def attempt(agent: Agent, conversation) -> bool:
    try:
        closing.end(
            agent=agent,
            conversation=conversation,
            typification=order_status(conversation.project),
        )
        return True
    except closing.AlreadyDone:
        return False
