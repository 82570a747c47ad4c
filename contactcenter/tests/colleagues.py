"""Two agents who write to each other, each in a browser of their own."""

import re

from playwright.sync_api import Locator, expect

from agents.models import Agent, Project
from contactcenter.testing import make_agent
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from internalchat.models import DirectChat


class Colleague(Desk):
    """An agent who writes to another."""

    @property
    def button(self) -> Locator:
        return self.page.get_by_test_id("toolbar-internal-chat")

    @property
    def directory(self) -> Locator:
        return self.page.locator("#directory")

    @property
    def box(self) -> Locator:
        return self.page.locator("#thread textarea")

    def listed(self, agent: Agent) -> Locator:
        return self.page.locator(f"#agent-{agent.pk}")

    def listed_in(self, group: str, agent: Agent) -> Locator:
        return self.page.locator(f"[data-group={group}] #agent-{agent.pk}")

    def unfold(self) -> None:
        self.button.click()
        expect(self.directory).to_be_visible()

    def write_to(self, agent: Agent) -> str:
        """Select, press Direct message; returns the chat's id."""
        self.listed(agent).locator("label").click()
        self.page.get_by_test_id("direct-message").click()
        expect(self.page.locator("#thread header .who")).to_contain_text(agent.name)
        return self.chat

    def open_chat(self, chat: str) -> None:
        self.page.locator(f"#direct-{chat} a").click()
        expect(self.page.locator("#thread")).to_have_attribute("data-conversation", chat)

    @property
    def chat(self) -> str:
        return self.page.locator("#thread").get_attribute("data-conversation") or ""

    def said(self, text: str) -> None:
        """Written and stored."""
        self.answer(text)
        expect(self.bubble(text)).to_have_attribute("data-seq", re.compile(r"\d+"))

    def ask_to_close(self) -> Locator:
        self.page.get_by_test_id("close-chat").click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        return dialog

    def close(self, typification: str = "Order status") -> None:
        dialog = self.ask_to_close()
        dialog.get_by_label(typification, exact=True).check()
        dialog.get_by_role("button", name="Cerrar chat").click()


def two(stack: Stack, someone: NewContext, shop: Project, **looks: object) -> list[Colleague]:
    """Ana and Bruno at two web processes, in Spanish."""
    people = [make_agent(shop, name, language="es") for name in ("Ana", "Bruno")]
    urls = (stack.url, stack.other_url)
    return [
        Colleague(someone(locale="es-ES", **looks), url, agent).sign_in()  # type: ignore[misc]
        for url, agent in zip(urls, people, strict=True)
    ]


def written(shop: Project) -> list[tuple[str, str]]:
    """Who said what, in order."""
    chats = DirectChat.objects.filter(project=shop).order_by("started_at")
    posts = [post for chat in chats for post in chat.posts.select_related("agent__user")]
    return [(post.agent.short_name, post.text) for post in posts]
