"""Passing words on agents' screens, each in their language. One that is lost is lost: what it says
stands elsewhere too. Called by verbs only."""

from collections.abc import Callable, Iterable

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agents import live
from agents.models import Agent
from conversations.models import Conversation


def tell_missed(conversations: list[Conversation], agent_id: int) -> None:
    """To whoever did not open them: where they have gone."""
    sentence = gettext_noop("Not opened in time, back in the queue: %(names)s.")
    _tell([agent_id], lambda: _(sentence) % {"names": ", ".join(map(str, conversations))})


def tell_of_missing(agent: Agent) -> None:
    """To the supervisors who have a console: somebody takes no work any more."""
    team = Agent.objects.filter(project=agent.project_id, is_supervisor=True, is_active=True)
    others = team.exclude(pk=agent.pk).values_list("pk", flat=True)
    _tell(others, lambda: _("%(name)s is not available: missed conversations.") % {"name": agent})


def tell_silent(conversation: Conversation, agent_id: int) -> None:
    """To whoever served it: why it has ended."""
    sentence = gettext_noop("%(name)s went silent: the conversation has ended.")
    _tell([agent_id], lambda: _(sentence) % {"name": conversation.title})


def tell(agent_id: int, sentence: Callable[[], str]) -> None:
    """To one agent; `sentence` is made in their language."""
    _tell([agent_id], sentence)


def _tell(agent_ids: Iterable[int], sentence: Callable[[], str]) -> None:
    people = list(Agent.objects.filter(pk__in=agent_ids).values_list("pk", "language"))
    live.after_commit(lambda: _say(people, sentence))


def _say(people: list[tuple[int, str]], sentence: Callable[[], str]) -> None:
    for agent_id, language in people:
        with translation.override(language):
            live.tell(agent_id, type="toast", text=sentence())
