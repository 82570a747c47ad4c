"""The nouns of a conversation. Each file's docstring says what its rows mean."""

from conversations.models.assignment import Assignment
from conversations.models.attachment import Attachment
from conversations.models.contact import Contact, Identity
from conversations.models.contact_record import ContactChange, ContactField
from conversations.models.conversation import Conversation
from conversations.models.delivery import Delivery
from conversations.models.form_field import FormField
from conversations.models.inbox import Inbox
from conversations.models.message import Message
from conversations.models.note import Note
from conversations.models.offer import Offer
from conversations.models.queue_entry import QueueEntry
from conversations.models.quick_reply import QuickReply
from conversations.models.typification import Typification
from conversations.models.wrap_up import WrapUp

__all__ = [
    "Assignment",
    "Attachment",
    "Contact",
    "ContactChange",
    "ContactField",
    "Conversation",
    "Delivery",
    "FormField",
    "Identity",
    "Inbox",
    "Message",
    "Note",
    "Offer",
    "QueueEntry",
    "QuickReply",
    "Typification",
    "WrapUp",
]
