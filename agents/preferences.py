"""How somebody likes their console, and a password changed by the person it belongs to."""

from django.db import transaction

from agents.models import Agent, User


class WrongPassword(Exception):
    """What was given as the present password is not it, or not any more."""


def change(*, agent: Agent, language: str, theme: str) -> bool:
    """Returns whether that is a change. Language and theme belong to the place in a project."""
    other = Agent.objects.filter(pk=agent.pk).exclude(language=language, theme=theme)
    changed = bool(other.update(language=language, theme=theme))
    agent.language, agent.theme = language, theme
    return changed


def change_password(*, user: User, old: str, new: str) -> None:
    """Raises WrongPassword; of two at once, with the same old one, one wins."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if not person.check_password(old):
            raise WrongPassword
        person.set_password(new)
        person.save(update_fields=["password"])
    user.password = person.password
