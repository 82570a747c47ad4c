"""The demonstration project (contract.md): a shop, its people, its channels."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agents.models import Agent, Campaign, PauseReason, Project, User
from conversations.models import Inbox, QuickReply, Typification
from media import rules
from media.starting import WEB_CHAT

PASSWORD = "demo-contact-center"  # noqa: S105  only ever created with DEMO=1
PEOPLE = [
    # user name, first name, last name, language, campaigns, supervises
    ("ana", "Ana", "Beltrán", "en", ["Support", "Sales", "After-sales"], False),
    ("bruno", "Bruno", "Lagos", "es", ["Support", "Sales", "After-sales"], False),
    ("carla", "Carla", "Mendoza", "en", ["Support", "Sales", "After-sales"], False),
    ("diego", "Diego", "Salas", "es", ["After-sales"], False),
    ("sofia", "Sofía", "Iglesias", "en", [], True),
]
TYPIFICATIONS = {
    "Order": ["Order status", "Change of address", "Cancellation"],
    "After-sales": ["Damaged on arrival", "Missing part", "Return or exchange", "Warranty"],
    "Sales": ["Product question", "Coupon or price", "Bought"],
    "Other": ["No answer from the customer", "Wrong number", "Complaint"],
}
QUICK_REPLIES = {
    "hello": "Hello {contact}, I am {agent}. How can I help you?",
    "moment": "Give me a moment, please. I am looking at it right now.",
    "order": "Could you tell me your order number? It stands at the top of our mail to you.",
    "shipped": "Your order has left our warehouse. It usually takes two to three working days.",
    "return": "You can send it back within 30 days. I will mail you the return label.",
    "bye": "Thank you for writing to {campaign}, {contact}. Have a good day.",
}

SUPPORT = "soporte@tienda-norte.example"
PAUSES = ["Break", "Lunch", "Training", "Meeting"]


class Command(BaseCommand):
    help = (
        "Creates the demonstration data: project Tienda Norte with agents ana, bruno, carla, "
        "diego, supervisor sofia, a web chat, typifications, quick replies; and a second project "
        "with agent mallory. Only with DEMO=1. Running it again changes nothing that is there."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is only made with DEMO=1 in the environment.")
        shop = project("Tienda Norte", "tienda-norte", ["Support", "Sales", "After-sales"])
        for name, first, last, language, campaigns, supervises in PEOPLE:
            person(shop, name, first, last, language, campaigns, supervises)
        Project.objects.filter(pk=shop.pk, support_address="").update(support_address=SUPPORT)
        inbox(shop, "Support", "demo", "Shop chat")
        typifications(shop)
        quick_replies(shop)
        clinic = project("Clínica Parque", "clinica-parque", ["Appointments"])
        person(clinic, "mallory", "Mallory", "Vance", "en", ["Appointments"], False)
        inbox(clinic, "Appointments", "demo-clinic", "Clinic chat")
        typifications(clinic)
        self.stdout.write(
            f"Demonstration data is there: projects {shop} and {clinic}, "
            f"{User.objects.count()} people, password {PASSWORD}."
        )


def project(name: str, slug: str, campaigns: list[str]) -> Project:
    made, _ = Project.objects.get_or_create(
        slug=slug, defaults={"name": name, "administrator_contact": "sofia@tienda-norte.example"}
    )
    for campaign in campaigns:
        Campaign.objects.get_or_create(project=made, name=campaign)
    for order, reason in enumerate(PAUSES):
        PauseReason.objects.get_or_create(project=made, name=reason, defaults={"order": order})
    return made


def person(
    project: Project,
    name: str,
    first: str,
    last: str,
    language: str,
    campaigns: list[str],
    supervises: bool,
) -> None:
    user, is_new = User.objects.get_or_create(
        username=name,
        defaults={
            "first_name": first,
            "last_name": last,
            "email": f"{name}@{project.slug}.example",
        },
    )
    if is_new:
        user.password = hashed_password()
        user.save()
    agent, is_new = Agent.objects.get_or_create(
        user=user,
        project=project,
        defaults={
            "language": language,
            "is_agent": not supervises,
            "is_supervisor": supervises,
        },
    )
    if is_new:
        agent.campaigns.set(project.campaigns.filter(name__in=campaigns))


@cache
def hashed_password() -> str:
    """Everybody has the same, which is no secret, and hashing takes a third of a second."""
    return make_password(PASSWORD)


def inbox(project: Project, campaign: str, key: str, name: str) -> None:
    Inbox.objects.get_or_create(
        key=key,
        defaults={
            "project": project,
            "campaign": project.campaigns.get(name=campaign),
            "kind": Inbox.Kind.WEBCHAT,
            "name": name,
            "origins": ["*"],
            "media_rules": rules.establish(project)[WEB_CHAT],
        },
    )


def typifications(project: Project) -> None:
    for order, (group, names) in enumerate(TYPIFICATIONS.items()):
        parent, _ = Typification.objects.get_or_create(
            project=project, parent=None, name=group, defaults={"order": order}
        )
        for place, name in enumerate(names):
            Typification.objects.get_or_create(
                project=project,
                parent=parent,
                name=name,
                defaults={"order": place, "needs_comment": name == "Complaint"},
            )


def quick_replies(project: Project) -> None:
    for shortcut, text in QUICK_REPLIES.items():
        QuickReply.objects.get_or_create(
            project=project, agent=None, shortcut=shortcut, defaults={"text": text}
        )
