import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agents import hiring
from agents.management.choosing import choose_password, project_named, sentence_of
from agents.models import Agent, Project, User


class Command(BaseCommand):
    help = (
        "Adds somebody to a project, as an agent, a supervisor or both. Somebody who can sign in "
        "already joins with the name, email and password they have. The password of somebody new "
        "is asked for; without a terminal it is made and printed once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's address, as in /p/<address>/")
        parser.add_argument("username", help="what they sign in with")
        parser.add_argument("--name", default="", help="first and last name")
        parser.add_argument("--email", default="", help="where a lost password is recovered")
        parser.add_argument(
            "--campaign",
            action="append",
            default=[],
            metavar="NAME",
            help="may be given several times; without it, all campaigns",
        )
        parser.add_argument("--supervisor", action="store_true", help="supervises too")
        parser.add_argument(
            "--no-console",
            action="store_true",
            help="does not answer customers (with --supervisor)",
        )
        parser.add_argument(
            "--capacity", type=int, help="conversations at once; else the project's"
        )
        parser.add_argument("--language", choices=["en", "es"], default="en")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read it from standard input"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        project = project_named(options["project"])
        if options["no_console"] and not options["supervisor"]:
            raise CommandError("--no-console leaves nothing to do without --supervisor.")
        try:
            agent, made = hire(project, options)
        except ValidationError as problem:
            raise CommandError(sentence_of(problem)) from None
        if options["json"]:
            self.stdout.write(json.dumps(as_json(agent, made)))
            return
        if made:
            self.stdout.write(f"Password, shown only now: {made}")
        campaigns = ", ".join(campaign.name for campaign in agent.campaigns.all()) or "no campaign"
        self.stdout.write(
            f"{agent} ({agent.user.username}) is in {project} now: {roles(agent)}; {campaigns}."
        )


@transaction.atomic
def hire(project: Project, options: dict[str, Any]) -> tuple[Agent, str]:
    """The new agent, and the password that was made for them, if one was."""
    names = options["campaign"]
    campaigns = hiring.campaigns_of(project, names) if names or not options["no_console"] else []
    user, made = User.objects.filter(username=options["username"]).first(), ""
    if user is None:
        password, is_made = choose_password(
            options["username"], from_stdin=options["password_stdin"]
        )
        made = password if is_made else ""
        first, _, last = options["name"].partition(" ")
        user = hiring.create_user(
            username=options["username"],
            password=password,
            first_name=first,
            last_name=last,
            email=options["email"],
        )
    agent = hiring.hire(
        user=user,
        project=project,
        campaigns=campaigns,
        language=options["language"],
        capacity=options["capacity"],
        is_agent=not options["no_console"],
        is_supervisor=options["supervisor"],
    )
    return agent, made


def roles(agent: Agent) -> str:
    if agent.is_agent and agent.is_supervisor:
        return "agent and supervisor"
    return "agent" if agent.is_agent else "supervisor"


def as_json(agent: Agent, made: str) -> dict[str, Any]:
    return {
        "project": agent.project.slug,
        "username": agent.user.username,
        "roles": roles(agent),
        "campaigns": [campaign.name for campaign in agent.campaigns.all()],
        "password": made or None,
    }
