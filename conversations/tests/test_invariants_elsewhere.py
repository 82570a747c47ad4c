"""Rows that point into another project (P-14), each named."""

import pytest

from agents.models import Agent, Project, Screen
from contactcenter.testing import order_status, write
from conversations.models import Conversation, Inbox, Message, Typification
from conversations.tests.breaking import broken, busy, change, clinic, served, waiting

__all__ = ["busy", "clinic"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_conversation_with_another_projects_channel(busy: Project, clinic: Project) -> None:
    conversation = waiting(busy).conversation
    change(conversation, inbox=clinic.inboxes.get())
    assert broken() == {
        "conversations-in-one-project": [str(conversation.pk)],
        "messages-in-their-channel": [str(conversation.messages.get().pk)],
    }


def test_a_conversation_with_another_projects_customer(busy: Project, clinic: Project) -> None:
    stranger = write(clinic.inboxes.get()).conversation
    conversation = waiting(busy).conversation
    change(conversation, contact=stranger.contact, identity=stranger.identity)
    assert broken() == {"conversations-in-one-project": [str(conversation.pk)]}


def test_a_conversation_with_another_projects_typification(busy: Project, clinic: Project) -> None:
    ended = Conversation.objects.filter(ended_at__isnull=False).first()
    change(ended, typification=order_status(clinic))
    assert broken() == {"conversations-in-one-project": [str(ended.pk)]}


def test_an_assignment_to_another_projects_agent(busy: Project, mallory: Agent) -> None:
    assignment = served(busy)
    Screen.objects.create(agent=mallory)
    change(assignment, agent=mallory, reason={"load": 0, "limit": 6})
    assert broken()["assignments-in-one-project"] == [str(assignment.pk)]


def test_a_queue_entry_in_another_projects_campaign(busy: Project, clinic: Project) -> None:
    entry = waiting(busy)
    change(entry, campaign=clinic.campaigns.get())
    assert broken() == {"queue-entries-in-one-project": [str(entry.pk)]}


def test_a_reply_by_another_projects_agent(busy: Project, mallory: Agent) -> None:
    reply = Message.objects.get(author="agent")
    change(reply, agent=mallory)
    assert broken() == {"replies-by-own-agents": [str(reply.pk)]}
    change(reply, agent=None)
    assert broken() == {"replies-by-own-agents": [str(reply.pk)]}


def test_settings_that_point_to_another_project(
    busy: Project, clinic: Project, web: Inbox, ana: Agent
) -> None:
    foreign = clinic.campaigns.get()
    change(web, campaign=foreign)
    ana.campaigns.add(foreign)
    leaf = order_status(busy)
    change(leaf, parent=Typification.objects.get(project=clinic, name="Order"))
    assert broken()["settings-in-one-project"] == sorted(
        [f"agent {ana.pk}", f"channel {web.pk}", f"typification {leaf.pk}"]
    )
