"""Internal chat in two agents' browsers at once (R59–R75), in Spanish, on the computer and on the
phone."""

import re

import pytest
from playwright.sync_api import Locator, expect

from agents.models import Agent, Project
from contactcenter.testing import make_agent, make_project
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from internalchat.models import DirectChat

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


class Colleague(Desk):
    """An agent who writes to another."""

    @property
    def button(self) -> Locator:
        return self.page.get_by_test_id("toolbar-internal-chat")

    @property
    def directory(self) -> Locator:
        return self.page.locator("#directory")

    def listed(self, agent: Agent) -> Locator:
        return self.page.locator(f"#agent-{agent.pk}")

    def unfold(self) -> None:
        self.button.click()
        expect(self.directory).to_be_visible()

    def select(self, agent: Agent) -> None:
        self.listed(agent).locator("label").click()

    def press_direct_message(self, agent: Agent) -> None:
        self.select(agent)
        self.page.get_by_test_id("direct-message").click()
        expect(self.page.locator("#thread .who")).to_contain_text(agent.name)

    @property
    def box(self) -> Locator:
        return self.page.locator("#thread textarea")


@pytest.fixture
def shop() -> Project:
    return make_project(support_address="soporte@tienda.example")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])
def test_r59_r60_r61_r68_r69_r70_from_the_last_button_to_the_first_message(
    stack: Stack, someone: NewContext, shop: Project, viewport: dict[str, int]
) -> None:
    ana, bruno = (make_agent(shop, name, language="es") for name in ("Ana", "Bruno"))
    mine = Colleague(someone(viewport=viewport), stack.url, ana).sign_in()
    his = Colleague(someone(viewport=viewport), stack.other_url, bruno).sign_in()
    last = mine.page.locator("nav.rail > :last-child")
    expect(last).to_have_attribute("data-testid", "toolbar-internal-chat")
    expect(last).to_be_visible()

    mine.unfold()
    expect(mine.listed(bruno)).to_be_visible()
    expect(mine.listed(ana)).to_have_count(0)
    mine.press_direct_message(bruno)
    expect(mine.box).to_be_focused()
    assert not DirectChat.objects.filter(project=shop).exists()
    chat = mine.page.locator("#thread").get_attribute("data-conversation")

    his.page.evaluate("document.querySelector('#list-heading')?.focus()")
    mine.answer("¿Quedan pantallas?")
    expect(mine.bubble("¿Quedan pantallas?")).to_have_attribute("data-seq", "1")
    expect(his.button).to_contain_text("1")
    expect(his.button).to_have_accessible_name(re.compile("Chat interno, 1 mensaje nuevo"))
    expect(his.page.locator("#thread .direct")).to_have_count(0)

    his.unfold()
    his.page.locator(f"#direct-{chat} a").click()
    expect(his.bubble("¿Quedan pantallas?")).to_be_visible()
    expect(his.bubble("¿Quedan pantallas?")).to_have_class(re.compile(r"\bin\b"))
    expect(his.button.locator(".count")).to_have_count(0)
    expect(mine.bubble("¿Quedan pantallas?").locator(".seen")).to_be_visible()
    his.answer("Sí, 14")
    expect(mine.bubble("Sí, 14")).to_be_visible()
    assert mine.complaints == his.complaints == []
    assert mine.overflow() == his.overflow() == 0
