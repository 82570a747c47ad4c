"""What commands ask for: a project by its address, a password."""

import getpass
import secrets
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from agents.models import Project


def project_named(slug: str) -> Project:
    """Raises CommandError that lists what there is."""
    if project := Project.objects.filter(slug=slug).first():
        return project
    known = ", ".join(Project.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
    raise CommandError(f"There is no project with the address {slug}. There are: {known}.")


def choose_password(name: str, *, from_stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made here and must be shown, once.

    Asked for at a terminal; else one line of standard input where wished, else made.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(12), True
    first = getpass.getpass(f"Password for {name}: ")
    if first != getpass.getpass("The same again: "):
        raise CommandError("The two passwords differ. Nothing was created.")
    return first, False


def sentence_of(problem: ValidationError) -> str:
    """What a form would say beside its fields, in one line."""
    if not hasattr(problem, "error_dict"):
        return " ".join(problem.messages)
    return " ".join(
        f"{field}: {' '.join(messages)}" if field != "__all__" else " ".join(messages)
        for field, messages in problem.message_dict.items()
    )
