"""How a real installation begins: a project that works, with its owner in it."""

import secrets
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents import hiring
from agents.models import Agent, Campaign, PauseReason, Project, User
from conversations import closing
from conversations.models import Inbox, Typification
from media import rules
from media.starting import WEB_CHAT

# A start that fits most; the supervisor makes it their own. True = asks for a comment.
STARTING_SET = {
    gettext_lazy("Solved"): {
        gettext_lazy("Question answered"): False,
        gettext_lazy("Request done"): False,
    },
    gettext_lazy("Not solved"): {
        gettext_lazy("Passed on to somebody else"): True,
        gettext_lazy("No answer from the customer"): False,
    },
    gettext_lazy("Other"): {
        gettext_lazy("Complaint"): True,
        gettext_lazy("Wrong number"): False,
    },
}

PAUSES = [
    gettext_lazy("Break"),
    gettext_lazy("Lunch"),
    gettext_lazy("Training"),
    gettext_lazy("Meeting"),
]


@dataclass(frozen=True)
class Founded:
    project: Project
    owner: Agent
    inbox: Inbox


@transaction.atomic
def found(
    *,
    name: str,
    slug: str,
    owner: User,
    campaigns: Sequence[str] = ("Support",),
    time_zone: str = "UTC",
    language: str = "en",
) -> Founded:
    """A project with its campaigns, a web chat that leads to the first one, file rules,
    typifications, pause reasons, and the owner as agent and supervisor.

    Raises ValidationError; then nothing was made.
    """
    if time_zone not in zoneinfo.available_timezones():
        raise ValidationError({"time_zone": _("There is no time zone of this name.")})
    project = Project(name=name, slug=slug, time_zone=time_zone, administrator_contact=owner.email)
    project.full_clean()
    project.save()
    lines = [Campaign.objects.create(project=project, name=line) for line in campaigns]
    inbox = Inbox.objects.create(
        project=project,
        campaign=lines[0],
        key=secrets.token_hex(8),
        name=name,
        media_rules=rules.establish(project)[WEB_CHAT],
    )
    with translation.override(language):
        classify(project)
        for order, pause in enumerate(PAUSES):
            PauseReason.objects.create(project=project, name=str(pause), order=order)
    agent = hiring.hire(
        user=owner, project=project, campaigns=lines, language=language, is_supervisor=True
    )
    return Founded(project, agent, inbox)


def classify(project: Project) -> None:
    """The reserved typifications, which no dialog offers, and a small set to begin with."""
    for kind in Typification.Reserved:
        closing.reserved(project.pk, kind)
    for order, (group, names) in enumerate(STARTING_SET.items()):
        parent = Typification.objects.create(project=project, name=str(group), order=order)
        for place, (name, needs_comment) in enumerate(names.items()):
            Typification.objects.create(
                project=project,
                parent=parent,
                name=str(name),
                order=place,
                needs_comment=needs_comment,
            )
