"""Ana works without a mouse, from signing in to the last conversation ended or transferred, in both
languages."""

import pytest
from playwright.sync_api import Page, expect

from agents.models import Agent
from contactcenter.testing import (
    PASSWORD,
    holder_of,
    make_agent,
    make_customer,
    make_project,
    ready,
    write,
)
from contactcenter.tests.browsers import WORDS, Watched
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

SAID = {"en": "Welcome to the shop.", "es": "Te damos la bienvenida."}


def press(page: Page, *keys: str) -> None:
    """Keys by their names; what is longer and no name of a key is typed."""
    for key in keys:
        if key[:1] == "“":
            page.keyboard.type(key.strip("“”"))
        else:
            page.keyboard.press(key)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_day_without_a_mouse(stack: Stack, someone: NewContext, language: str) -> None:
    shop = make_project()
    ana = make_agent(shop, "Ana", language=language)
    watched = Watched(someone(locale=language).new_page())
    page = watched.page
    sign_in(page, stack, ana)
    take(page)
    conversations = [
        write(shop.inboxes.get(), make_customer(shop.inboxes.get(), name)).conversation
        for name in ("Lucía", "Mateo", "Renata")
    ]
    bruno = ready(make_agent(shop, "Bruno"))
    expect(page.locator("#items > li")).to_have_count(3)
    for _ in conversations:
        open_next_new(page)
        answer(page, SAID[language])
    open_by_name(page, conversations[0], "lucia")
    end(page)
    expect(page.locator("#items > li")).to_have_count(2)
    open_by_name(page, conversations[1], "mateo")
    transfer(page, "bru", "“She knows our prices.”")
    expect(page.locator("#items > li")).to_have_count(1)
    open_by_name(page, conversations[2], "renata")
    end(page)
    expect(page.locator("#items > li")).to_have_count(0)
    for conversation in conversations:
        conversation.refresh_from_db()
        was_given = conversation == conversations[1]
        assert bool(conversation.ended_at) != was_given
        assert holder_of(conversation) == (bruno if was_given else None)
        assert SAID[language] in conversation.messages.values_list("text", flat=True)
    sign_out(page, language)
    assert watched.complaints == []


def sign_in(page: Page, stack: Stack, ana: Agent) -> None:
    page.goto(f"{stack.url}/login/")
    expect(page.locator("#id_username")).to_be_focused()
    press(page, f"“{ana.user.username}”", "Tab", f"“{PASSWORD}”", "Enter")
    page.wait_for_selector("availability-control[data-line=open]")


def take(page: Page) -> None:
    press(page, "Shift+A")
    expect(page.locator("#availability")).to_have_attribute("data-s", "on")


def open_next_new(page: Page) -> None:
    """The focus is in the box of the next one with a green dot."""
    before = page.locator("#items > li[data-new='1']").count()
    press(page, "n")
    expect(page.locator("#thread textarea")).to_be_focused()
    expect(page.locator("#items > li[data-new='1']")).to_have_count(before - 1)


def answer(page: Page, text: str) -> None:
    """Back on the row afterwards, where the letters are keys again."""
    press(page, f"“{text}”", "Enter", "Escape")
    expect(page.locator("#thread .msg.out:not(.pending)", has_text=text)).to_be_visible()
    expect(page.locator("#items a.item[aria-current]")).to_be_focused()


def open_by_name(page: Page, conversation: Conversation, name: str) -> None:
    press(page, "Control+k", f"“{name}”", "Enter")
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(conversation.pk))
    expect(page.locator("#thread textarea")).to_be_focused()
    press(page, "Escape")


def end(page: Page) -> None:
    """Searched, chosen, ended; the letters are keys at once."""
    press(page, "e")
    expect(page.locator("#ending [data-search] input")).to_be_focused()
    press(page, "“order st”", "Enter", "Enter")
    expect(page.locator("#ending")).to_be_hidden()
    expect(page.locator("#thread")).to_be_focused()


def transfer(page: Page, name: str, note: str) -> None:
    """Searched, chosen, with a word for the colleague."""
    press(page, "t")
    expect(page.locator("#transfer [data-search] input")).to_be_focused()
    press(page, f"“{name}”", "Enter")
    expect(page.locator("#transfer :checked")).to_be_focused()
    while page.locator("#transfer-note:focus").count() == 0:
        press(page, "Tab")
    press(page, note, "Tab", "Tab", "Enter")
    expect(page.locator("#transfer")).to_be_hidden()


def sign_out(page: Page, language: str) -> None:
    words = {"en": "sign out", "es": "cerrar sesion"}
    press(page, "Control+k", f"“{words[language]}”", "Enter")
    page.wait_for_url("**/login/")


def test_nothing_the_tab_key_reaches_is_without_a_name(stack: Stack, someone: NewContext) -> None:
    """From the address bar to the last control: each has a name, and one sees where one is."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    page = someone().new_page()
    sign_in(page, stack, ana)
    take(page)
    web: Inbox = shop.inboxes.get()
    write(web, make_customer(web, "Lucía"))
    expect(page.locator("#items > li")).to_have_count(1)
    open_next_new(page)
    page.reload()  # from the beginning
    page.wait_for_selector("availability-control[data-line=open]")
    reached = []
    for _ in range(60):
        press(page, "Tab")
        name, ring = page.evaluate(SHOWN)
        if name is None:
            break
        reached.append(name)
        assert name and ring, reached
    assert len(reached) > 15
    assert WORDS["en"]["end"] in reached and "Attach a file" in reached


SHOWN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return [null, null];
  const [style, after] = [getComputedStyle(at), getComputedStyle(at, "::after")];
  const label = at.labels?.[0]?.textContent;
  const name = (at.ariaLabel ?? label ?? at.innerText ?? "").trim();
  const isSeen = style.outlineStyle !== "none" || style.boxShadow !== "none" ||
    after.outlineStyle !== "none" ||
    getComputedStyle(at.closest(".composer") ?? at).borderStyle !== "none";
  return [name, isSeen];
}"""
