"""Answers at hand: kept by agents for themselves, shared by supervisors, filled in when used."""

import re

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from agents.models import Agent, Campaign
from conversations.models import Conversation, QuickReply

BLANK = re.compile(r"\{(contact|agent|campaign)\}")
# One that nothing is known for, with what is around it: no comma and no space is left behind.
UNKNOWN = r"(?P<start>^)?(?P<before>,?[ \t]*)\{(?:%s)\}(?P<after>[,;:]?[ \t]*)(?=(?P<end>[.!?]|$)?)"


class Gone(Exception):
    """Somebody deleted it meanwhile."""


def for_agent(agent: Agent) -> QuerySet[QuickReply]:
    """Their own, and those shared with the project or a campaign of theirs."""
    shared = Q(agent=None) & (Q(campaign=None) | Q(campaign__in=agent.campaigns.values("pk")))
    replies = QuickReply.objects.filter(Q(agent=agent) | shared, project=agent.project_id)
    return replies.select_related("campaign").order_by("shortcut", "pk")


def shared_with(agent: Agent) -> QuerySet[QuickReply]:
    """The shared ones they read; who supervises has all of them."""
    if not agent.is_supervisor:
        return for_agent(agent).filter(agent=None)
    replies = QuickReply.objects.filter(project=agent.project_id, agent=None)
    return replies.select_related("campaign").order_by("shortcut", "pk")


def offered(agent: Agent, conversation: Conversation) -> list[tuple[QuickReply, str]]:
    """What `/` offers there, each with its text filled in."""
    fitting = Q(campaign=None) | Q(campaign=conversation.campaign_id)
    replies = for_agent(agent).filter(fitting)
    return [(reply, fill_in(reply.text, agent, conversation)) for reply in replies]


def fill_in(text: str, agent: Agent, conversation: Conversation) -> str:
    """With the names in place of {contact}, {agent} and {campaign}; a name that is not known leaves
    nothing behind. A name cannot bring a {…} of its own."""
    names = {
        "contact": _plain(conversation.contact.name),
        "agent": _plain(agent.short_name),
        "campaign": _plain(conversation.campaign.name),
    }
    if unknown := [blank for blank, name in names.items() if not name]:
        text = re.sub(UNKNOWN % "|".join(unknown), _closed, text, flags=re.MULTILINE)
    return BLANK.sub(lambda found: names[found[1]], text)


def _plain(name: str) -> str:
    return re.sub(r"[{}]", "", name).strip()


def _closed(found: re.Match[str]) -> str:
    """What stays where an unknown name was."""
    before, after = found["before"], found["after"]
    if found["start"] is not None or (found["end"] is not None and not after.strip()):
        return ""
    return after if after.strip() else before.strip() + after


def left_blank(text: str) -> str:
    """The first {…} of ours that nobody filled in; "" for none."""
    found = BLANK.search(text)
    return found.group() if found else ""


def keep(
    *,
    agent: Agent,
    reply: QuickReply | None,
    shortcut: str,
    text: str,
    is_shared: bool = False,
    campaign: Campaign | None = None,
) -> QuickReply:
    """Add it (`reply` None) or change it; one's own, or a shared one as a supervisor.

    Raises ValidationError (by field), Gone where it was deleted meanwhile.
    """
    if is_shared and not agent.is_supervisor:
        raise ValidationError({"audience": _("Only supervisors share quick replies.")})
    changed = reply or QuickReply(project_id=agent.project_id)
    changed.shortcut, changed.text = shortcut, text
    changed.agent = None if is_shared else agent
    changed.campaign = campaign if is_shared else None
    taken = ValidationError({"shortcut": _("This shortcut is there already.")})
    try:
        changed.clean_fields()
        changed.validate_constraints()
    except ValidationError as problem:
        raise taken if "__all__" in problem.message_dict else problem from None
    try:
        with transaction.atomic():
            changed.save(force_insert=reply is None, force_update=reply is not None)
    except IntegrityError:
        raise taken from None
    except DatabaseError:  # what Django says when no row was there to change
        raise Gone from None
    return changed


def discard(*, reply: QuickReply) -> None:
    """For good; deleting what is gone is no mistake."""
    QuickReply.objects.filter(pk=reply.pk).delete()
