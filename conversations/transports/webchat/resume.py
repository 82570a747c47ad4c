"""What a page gets when it says hello: the state, and the messages it lacks."""

import uuid
from dataclasses import replace
from typing import Any

from agents.models import Agent
from conversations import estimates, frames, transcript
from conversations.models import Conversation, Identity, Inbox, Message
from conversations.models.conversation import ConversationQuerySet
from conversations.transports.webchat import transport
from conversations.transports.webchat.form import Form
from media.checks import box
from media.models import MediaRule
from media.starting import MOST_FROM_WIDGET

MOST_MESSAGES = 500
RULES = {"text": {"max": 4096}}


def welcome(
    inbox: Inbox, identity: Identity | None, hello: dict[str, Any], form: Form
) -> dict[str, Any]:
    """`after` belongs to the conversation the page names; if that is no longer the current
    one, its rest comes first. The form is asked before a conversation, never during one."""
    named = _named(inbox, identity, hello.get("conversation"))
    current = _current(inbox, identity) or named
    seen = transport.number(hello, "after")
    messages: list[Message] = []
    if named and named != current:
        messages += transcript.after(named, seen)
    if current:
        messages += transcript.after(current, seen if current == named else 0)
    agent = _holder(current) if current else None
    place = estimates.in_line(current.pk) if current else None
    is_open = current is not None and current.is_open
    return {
        "conversation": str(current.pk) if current else None,
        "state": current.state if current else "new",
        "position": place.position if place else None,
        "wait": place.wait if place else None,
        "agent": {"name": agent.short_name} if agent else None,
        "messages": [
            frames.message_frame(m, identity.pk) for m in messages[-MOST_MESSAGES:] if identity
        ],
        "read": current.agent_read_seq if current else 0,
        "ended_at": current.ended_at.isoformat() if current and current.ended_at else None,
        "reason": current.ended_without if current else None,
        "form": form.frame() if form.stands and not is_open else None,
        "rules": {**RULES, **rules(inbox)},
    }


def rules(inbox: Inbox) -> dict[str, Any]:
    """What may be sent here, by kind, as it stands now; `formats` are the endings of names,
    `accept` is for a file picker, `lines` say it in words."""
    return {kind: _rule(rule) for kind, rule in inbox.rules_now().items()}


def _rule(rule: MediaRule) -> dict[str, Any]:
    """Less than an agent may send: a page's uploads have a limit of their own."""
    allowed = replace(rule.allowed, most_bytes=min(rule.most_bytes, MOST_FROM_WIDGET))
    return {
        "formats": rule.endings,
        "accept": rule.accepted,
        "max": allowed.most_bytes,
        "seconds": allowed.most_seconds,
        "lines": [line.text for line in box.lines(allowed)],
    }


def _holder(conversation: Conversation) -> Agent | None:
    serving = conversation.assignments.filter(ended_at=None).select_related("agent__user").first()
    return serving.agent if serving else None


def _mine(inbox: Inbox, identity: Identity) -> ConversationQuerySet:
    return (
        Conversation.objects.filter(inbox=inbox, contact=identity.contact_id)
        .with_state()
        .select_related("identity", "typification")
    )


def _current(inbox: Inbox, identity: Identity | None) -> Conversation | None:
    return _mine(inbox, identity).filter(ended_at=None).first() if identity else None


def _named(inbox: Inbox, identity: Identity | None, value: object) -> Conversation | None:
    try:
        conversation_id = uuid.UUID(str(value))
    except ValueError:
        return None
    return _mine(inbox, identity).filter(pk=conversation_id).first() if identity else None
