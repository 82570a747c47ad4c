"""A chat is closed, with the same typifications as a customer's conversation."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agents.models import Agent, Campaign
from conversations import closing, toasts
from conversations.models import Typification
from internalchat import broadcasts
from internalchat.models import DirectChat


class AlreadyClosed(Exception):
    """Somebody else was first: the chat, as they closed it, is the argument."""


def close(*, agent: Agent, chat: DirectChat, typification: Typification, comment: str = "") -> None:
    """Either of the two may; afterwards it can only be read.

    Raises AlreadyClosed, and ValidationError (by field) for a typification that is not offered
    here or asks for a comment.
    """
    closing.check(offered(chat), typification, comment)
    with transaction.atomic():
        closed = DirectChat.objects.filter(pk=chat.pk, ended_at=None).update(
            ended_at=closing.IN_TURN,
            ended_by=agent,
            typification=typification,
            comment=comment.strip(),
        )
        if not closed:
            raise AlreadyClosed
        chat.refresh_from_db(fields=["ended_at", "ended_by", "typification", "comment"])
        broadcasts.show_closed(chat)
        told = {"name": agent.name, "typification": str(typification)}
        sentence = gettext_noop("%(name)s closed your chat: %(typification)s.")
        toasts.tell(chat.colleague_of(agent.pk).pk, lambda: _(sentence) % told)


def offered(chat: DirectChat) -> QuerySet[Typification]:
    """As in the dialog of a customer's conversation, of all campaigns that either of them is in."""
    campaigns = Campaign.objects.filter(agents__in=chat.members)
    return closing.offered_in(chat.project_id, campaigns.values_list("pk", flat=True))
