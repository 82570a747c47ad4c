import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from agents import hiring
from agents.management.choosing import choose_password, sentence_of
from agents.models import Project, User
from conversations import founding
from conversations.founding import Founded


class Command(BaseCommand):
    help = (
        "How a real installation begins: a project with its first campaign, a web chat with a "
        "random key, typifications to start from, and its owner as supervisor and agent. Prints "
        "the addresses. The owner's password is asked for; without a terminal it is made and "
        "printed once. An owner who can sign in already keeps the password they have."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='the company, as agents read it: "Tienda Norte"')
        parser.add_argument(
            "--owner",
            required=True,
            metavar="MAIL",
            help="their email, also what they sign in with",
        )
        parser.add_argument("--owner-name", default="", help="first and last name")
        parser.add_argument("--slug", help="the address /p/<slug>/; else made from the name")
        parser.add_argument(
            "--campaign",
            action="append",
            metavar="NAME",
            help="may be given several times; the web chat leads to the first (Support)",
        )
        parser.add_argument(
            "--time-zone", default=settings.TIME_ZONE, help="when a day begins: America/Bogota"
        )
        parser.add_argument(
            "--language", choices=["en", "es"], default="en", help="of owner and typifications"
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="read it from standard input"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"] or slugify(options["name"])
        if not slug:
            raise CommandError("No address can be made from this name: give one with --slug.")
        if there := Project.objects.filter(slug=slug).first():
            raise CommandError(
                f"The address {slug} is taken by the project {there}. Nothing was changed; "
                "choose another one with --slug."
            )
        try:
            founded, made = found(slug, options)
        except ValidationError as problem:
            raise CommandError(sentence_of(problem)) from None
        if options["json"]:
            self.stdout.write(json.dumps(as_json(founded, made)))
        else:
            self._say(founded, made)

    def _say(self, founded: Founded, made: str) -> None:
        width = max(map(len, addresses(founded)))
        for what, address in addresses(founded).items():
            self.stdout.write(f"  {what:<{width}}  {address}")
        self.stdout.write(
            "  Other sites may show the chat once a supervisor allows them under Channels."
        )
        if made:
            self.stdout.write(f"  Password, shown only now: {made}")
        owner = founded.owner.user.username
        self.stdout.write(f"Created {founded.project}. {owner} can sign in now.")


@transaction.atomic
def found(slug: str, options: dict[str, Any]) -> tuple[Founded, str]:
    """What was founded, and the password that was made for the owner, if one was."""
    owner, made = known_owner(options["owner"]), ""
    if owner is None:
        password, is_made = choose_password(options["owner"], from_stdin=options["password_stdin"])
        made = password if is_made else ""
        first, _, last = options["owner_name"].partition(" ")
        owner = hiring.create_user(
            username=options["owner"],
            email=options["owner"],
            password=password,
            first_name=first,
            last_name=last,
        )
    founded = founding.found(
        name=options["name"],
        slug=slug,
        owner=owner,
        campaigns=options["campaign"] or ["Support"],
        time_zone=options["time_zone"],
        language=options["language"],
    )
    return founded, made


def known_owner(mail: str) -> User | None:
    """Somebody of this name or email. Raises CommandError when that could be two."""
    if "@" not in mail:
        raise CommandError("--owner is an email address, to recover a lost password.")
    found = User.objects.filter(Q(username=mail) | Q(email__iexact=mail))
    if found.count() > 1:
        names = ", ".join(found.values_list("username", flat=True))
        raise CommandError(f"Several people have this email: {names}. Nothing was created.")
    return found.first()


def addresses(founded: Founded) -> dict[str, str]:
    chat = f"{settings.PUBLIC_URL}/webchat/{founded.inbox.key}/"
    return {
        "Sign in": f"{settings.PUBLIC_URL}/login/",
        "Console": f"{settings.PUBLIC_URL}/p/{founded.project.slug}/",
        "Supervision": f"{settings.PUBLIC_URL}/admin/",
        "Chat": chat,
        "Script for your site": f"{chat}loader.js",
    }


def as_json(founded: Founded, made: str) -> dict[str, Any]:
    return {
        "project": founded.project.slug,
        "owner": founded.owner.user.username,
        "inbox": founded.inbox.key,
        "password": made or None,
        "addresses": addresses(founded),
    }
