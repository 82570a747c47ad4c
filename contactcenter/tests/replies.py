"""A shop with quick replies, and the box they are put in."""

from playwright.sync_api import Locator

from contactcenter.testing import called, make_project
from contactcenter.tests.browsers import Desk
from conversations.models import Conversation, Inbox, QuickReply

REPLIES = {
    "hello": "Hello {contact}, I am {agent}.",
    "shipped": "Your order is on its way.",
    "order": "Could you tell me your order number?",
    "adios": "Gracias por escribir a {campaign}. ¡Adiós!",
}


def box(desk: Desk) -> Locator:
    return desk.page.locator("message-composer textarea")


def shop_with_replies() -> Inbox:
    web = make_project().inboxes.get()
    for shortcut, text in REPLIES.items():
        QuickReply.objects.create(project=web.project, shortcut=shortcut, text=text)
    return web


def open_one(desk: Desk, web: Inbox) -> Conversation:
    (conversation,) = called(web, "Lucía")
    desk.open(conversation)
    return conversation
