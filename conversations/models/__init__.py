"""The nouns of a conversation. Each file's docstring says what its rows mean."""

from conversations.models.assignment import Assignment
from conversations.models.contact import Contact, Identity
from conversations.models.conversation import Conversation
from conversations.models.delivery import Delivery
from conversations.models.form_field import FormField
from conversations.models.inbox import Inbox
from conversations.models.message import Message
from conversations.models.queue_entry import QueueEntry
from conversations.models.typification import Typification

__all__ = [
    "Assignment",
    "Contact",
    "Conversation",
    "Delivery",
    "FormField",
    "Identity",
    "Inbox",
    "Message",
    "QueueEntry",
    "Typification",
]
