"""A person joins a project: used by the supervisors' site and by the commands."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Campaign, Project, User


def create_user(
    *, username: str, password: str, first_name: str = "", last_name: str = "", email: str = ""
) -> User:
    """Somebody who can sign in, and may do nothing until they are hired.

    Raises ValidationError: a name that is taken, a password that is too weak.
    """
    user = User(username=username, first_name=first_name, last_name=last_name, email=email)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user


def hire(
    *,
    user: User,
    project: Project,
    campaigns: Iterable[Campaign] = (),
    language: str = "en",
    capacity: int | None = None,
    is_agent: bool = True,
    is_supervisor: bool = False,
) -> Agent:
    """Raises ValidationError for somebody who is in the project already, or a bad limit."""
    agent = Agent(
        user=user,
        project=project,
        language=language,
        capacity=capacity,
        is_agent=is_agent,
        is_supervisor=is_supervisor,
    )
    agent.full_clean()
    with transaction.atomic():
        agent.save()
        agent.campaigns.set(campaigns)
    return agent


def campaigns_of(project: Project, names: Iterable[str]) -> list[Campaign]:
    """By their names; without names, all active ones. Raises ValidationError for an unknown one."""
    names = list(names)
    there = {campaign.name: campaign for campaign in project.campaigns.all()}
    if not names:
        return [campaign for campaign in there.values() if campaign.is_active]
    if unknown := [name for name in names if name not in there]:
        raise ValidationError(
            _("No such campaign in %(project)s: %(unknown)s. There are: %(known)s.")
            % {"project": project, "unknown": ", ".join(unknown), "known": ", ".join(there)}
        )
    return [there[name] for name in names]
