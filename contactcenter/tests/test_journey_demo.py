"""What a stranger does in the first five minutes: the shop, the launcher, Ana's console."""

import pytest
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import expect

from agents.models import Agent
from contactcenter.tests.browsers import Desk, Watched
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack
from conversations.management.commands.seed_demo import PASSWORD
from conversations.models import Conversation

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


class Shop(Watched):
    """A customer in the demonstration shop, with the chat in its iframe."""

    def __init__(self, context, url: str) -> None:
        super().__init__(page_of(context))
        self.page.goto(f"{url}/demo/")
        self.chat = self.page.frame_locator("iframe")

    def open(self) -> None:
        self.page.get_by_role("button", name="Open chat").click()
        expect(self.chat.get_by_label("Write a message")).to_be_enabled()

    def write(self, text: str) -> None:
        self.chat.get_by_role("textbox").fill(text)
        self.chat.get_by_role("textbox").press("Enter")


def test_the_shop_the_launcher_and_ana(stack: Stack, someone: NewContext) -> None:
    with override_settings(DEMO=True):
        call_command("seed_demo", verbosity=0)
        call_command("seed_demo", verbosity=0)  # a second time changes nothing
    ana = Agent.objects.select_related("user").get(user__username="ana")
    shop = Shop(someone(), stack.url)
    assert shop.axe() == []
    shop.open()
    shop.write("Do you ship to Porto?")
    expect(shop.chat.locator("queue-card")).to_be_visible()
    desk = Desk(someone(), stack.other_url, ana)
    desk.sign_in(PASSWORD)
    desk.accept()
    conversation = Conversation.objects.get(inbox__key="demo", ended_at=None)
    desk.open(conversation)
    desk.answer("Yes, in three days")
    expect(shop.chat.locator(".msg", has_text="Yes, in three days")).to_be_visible(timeout=2000)

    shop.page.get_by_role("link", name="Furniture").click()  # the chat stays over pages
    expect(shop.chat.locator(".msg", has_text="Yes, in three days")).to_be_visible()
    shop.chat.get_by_role("button", name="Minimise chat").click()
    desk.answer("Anything else?")
    expect(shop.page.get_by_role("button", name="Open chat")).to_contain_text("1")
    desk.end("Order status")
    assert shop.complaints == desk.complaints == []


def test_the_shop_is_only_there_for_a_demonstration(client) -> None:
    with override_settings(DEMO=False):
        assert client.get("/demo/").status_code == 404
