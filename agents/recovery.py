"""A lost password: a link by mail that works once, for an hour.

Nobody learns here whether an account exists, or has an email.
"""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from agents import limits
from agents.models import Agent, Project, User

MAILS_A_PERSON = 5  # an hour
TRIES_AN_ADDRESS = 30  # an hour; a whole office may share one


class LinkUsed(Exception):
    """Somebody was first with this link, or it is not one of this person's."""


def whom_to_ask() -> str:
    """The administrator to name before anybody signed in; empty when that is not one and the same
    for everybody: a list would tell strangers whose projects live here."""
    return _the_one("administrator_contact")


def support_address() -> str:
    """Whom to write to before anybody signed in; empty on the same terms."""
    return _the_one("support_address")


def _the_one(field: str) -> str:
    named = Project.objects.exclude(**{field: ""}).values_list(field, flat=True)
    found = set(named.order_by().distinct()[:2])
    return found.pop() if len(found) == 1 else ""


def may_ask(address: str | None) -> bool:
    """Whether this network address has asked less than its share this hour; asking counts."""
    return _within(f"address:{address}", TRIES_AN_ADDRESS)


def send_links(named: str) -> int:
    """Mail a link to everybody with that user name or email; returns how many mails went out.

    It goes to the stored email, never to the typed one. Nothing for people who may not sign in,
    have no email, or got their share this hour.
    """
    people = User.objects.filter(
        Q(username__iexact=named) | Q(email__iexact=named), is_active=True
    ).exclude(email="")
    asked = [user for user in people.order_by("pk") if user.has_usable_password()]
    lucky = [user for user in asked if _within(f"person:{user.pk}", MAILS_A_PERSON)]
    for user in lucky:
        _mail(user)
    return len(lucky)


def change_password(*, user: User, token: str, password: str) -> None:
    """Raises LinkUsed when the link's token is not good any more; of two at once one wins."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if not person.is_active or not default_token_generator.check_token(person, token):
            raise LinkUsed
        person.set_password(password)
        person.save(update_fields=["password"])


def link_for(user: User) -> str:
    """On the product's own address: what a browser claims as host is never believed."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.PUBLIC_URL + reverse("recover-set", args=[uid, token])


def _mail(user: User) -> None:
    first = Agent.objects.filter(user=user).order_by("pk").first()
    with translation.override(first.language if first else settings.LANGUAGE_CODE):
        context = {
            "name": user.first_name or user.username,
            "username": user.username,
            "link": link_for(user),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        send_mail(
            render_to_string("registration/mail/recover_subject.txt", context).strip(),
            render_to_string("registration/mail/recover.txt", context),
            None,
            [user.email],
        )


def _within(who: str, most: int) -> bool:
    """Take one of this hour's for `who`; used up, they come back one by one."""
    return not limits.wait_for(f"recovery:{who}", burst=most, per_minute=most / 60)
