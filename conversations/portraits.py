"""What the panel beside a thread says about the person: how they are known, what they answered,
what agents filled in."""

from collections.abc import Iterable
from dataclasses import dataclass

from conversations.models import Contact, ContactChange, ContactField, Conversation, Identity


@dataclass(frozen=True)
class Portrait:
    """`fields` are all there could be, in order: label, text (perhaps empty). `block`: who blocked
    them and why, while they are blocked."""

    conversation: Conversation
    identities: list[Identity]
    fields: list[tuple[str, str]]
    block: ContactChange | None

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [(label, text) for label, text in self.fields if text]


def portrait(conversation: Conversation) -> Portrait:
    contact = conversation.contact
    return Portrait(
        conversation,
        list(contact.identities.order_by("pk")),
        fields_of(contact),
        blocked_by(contact) if contact.blocked_at else None,
    )


def fields_of(contact: Contact) -> list[tuple[str, str]]:
    """The project's own fields in their order, then what was answered besides."""
    shown = ContactField.objects.filter(project=contact.project_id, is_active=True)
    labels: Iterable[str] = shown.values_list("label", flat=True)
    return [
        (label, contact.details.get(label, ""))
        for label in dict.fromkeys(
            [*labels, *(label for label, text in contact.details.items() if text)]
        )
    ]


def blocked_by(contact: Contact) -> ContactChange | None:
    changes = contact.changes.filter(kind=ContactChange.Kind.BLOCKED)
    return changes.select_related("agent__user").first()
