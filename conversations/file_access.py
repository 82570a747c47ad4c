"""The gates of files of conversations. Wrong id and forbidden id look the same: 404."""

import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from agents.models import Agent, Project
from conversations import archive
from conversations.models import Assignment, Attachment, Conversation, Identity, Inbox


def attachment_for(agent: Agent, upload_id: uuid.UUID) -> Attachment:
    """A file the agent brought and has not sent, or one of a conversation they may read: their
    own, that of a contact they serve or served to the end, or one History shows them."""
    for attachment in attachments_for(agent, [upload_id]):
        return attachment
    raise Http404


def attachments_for(agent: Agent, upload_ids: Collection[uuid.UUID]) -> list[Attachment]:
    """Those of them they may see; the others are left out."""
    if not upload_ids:  # as a rule: making a statement that asks for nothing takes milliseconds
        return []
    found = _attachments(agent).filter(upload__in=upload_ids)
    return [one for one in found if _sees(agent, one)]


def _sees(agent: Agent, attachment: Attachment) -> bool:
    if attachment.message_id is None:
        return attachment.agent_id == agent.pk
    place = attachment.conversation
    return place is not None and _reads(agent, place)


def unsent_for(agent: Agent, upload_id: uuid.UUID) -> Attachment:
    """One they brought themselves; whether it was sent meanwhile is the verb's to say."""
    attachment = _attachments(agent).filter(upload=upload_id, agent=agent).first()
    if attachment is None:
        raise Http404
    return attachment


def attachment_of(identity: Identity | None, inbox: Inbox, upload_id: uuid.UUID) -> Attachment:
    """A file this visitor brought here, or one that stands in their chat."""
    if identity is None:
        raise Http404
    said = Q(message__isnull=False, conversation__contact=identity.contact_id)
    theirs = Attachment.objects.filter(Q(identity=identity) | said, inbox=inbox, upload=upload_id)
    attachment = theirs.select_related("upload").first()
    if attachment is None:
        raise Http404
    return attachment


def _attachments(agent: Agent) -> QuerySet[Attachment]:
    mine = Attachment.objects.filter(upload__project=agent.project_id)
    return mine.select_related(
        "upload__project", "conversation", "message__agent__user", "message__conversation"
    )


def _reads(agent: Agent, conversation: Conversation) -> bool:
    """Whether its messages stand in a thread that this agent may open."""
    to_the_end = Q(ended_at=None) | Q(outcome=Assignment.Outcome.ENDED)
    served = Assignment.objects.filter(to_the_end, agent=agent)
    if served.filter(conversation=conversation).exists():
        return True
    scope = Q()
    if agent.project.history_scope == Project.HistoryScope.CAMPAIGNS:
        scope = Q(campaign__in=agent.campaigns.values("pk"))
    above = Exists(served.filter(conversation__contact=OuterRef("contact")))
    past = archive.readable(agent) & Q(ended_at__isnull=False)
    here = Conversation.objects.filter(pk=conversation.pk)
    return here.filter(scope & Q(above) | past).exists()
