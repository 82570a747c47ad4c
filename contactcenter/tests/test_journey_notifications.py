"""A notification of the desktop where Ana does not look; asked for by her press only."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_customer, make_project, write
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.chatting import lose
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed"), pytest.mark.whole_browser]

# The browser's own notifications, with a list of them; and how often it was asked for permission.
SPY = """
window.notices = [];
window.asked = 0;
const Real = window.Notification;
window.Notification = class extends Real {
  constructor(title, options) {
    super(title, options);
    window.notices.push(this);
    this.addEventListener("close", () => (this.isClosed = true));
  }
  static requestPermission() {
    window.asked += 1;
    return Real.requestPermission();
  }
};
"""
LOOKED_AWAY = """(isAway) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isAway });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
WISH = "Notifications when I look elsewhere"


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def watching(context: BrowserContext, url: str) -> BrowserContext:
    context.add_init_script(SPY)
    context.grant_permissions(["notifications"], origin=url)
    return context


@pytest.fixture
def desk(stack: Stack, someone: NewContext, web: Inbox) -> Desk:
    """Ana takes conversations in a browser that would allow it."""
    context = watching(someone(), stack.url)
    desk = Desk(context, stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    return desk


def switch_on(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Account: Ana").click()
    desk.page.get_by_label(WISH).check()
    expect(desk.page.get_by_label(WISH)).to_be_checked()
    desk.page.keyboard.press("Escape")


def notices(desk: Desk) -> list[dict[str, Any]]:
    script = """notices.map(({title, body, tag, silent, isClosed = false}) =>
      ({title, body, tag, silent, isClosed}))"""
    return list(desk.page.evaluate(script))


def wait_for_notices(count: int, *desks: Desk) -> list[dict[str, Any]]:
    wait_until(lambda: sum(len(notices(desk)) for desk in desks) >= count, 10)
    found = [notice for desk in desks for notice in notices(desk)]
    assert len(found) == count, found
    return found


def test_nothing_is_asked_or_shown_before_the_press(desk: Desk, web: Inbox) -> None:
    desk.page.evaluate(LOOKED_AWAY, True)
    (lucia,) = arrivals(web, 1)
    expect(desk.row(lucia)).to_be_visible()
    desk.page.get_by_role("button", name="Account: Ana").click()
    expect(desk.page.get_by_label(WISH)).not_to_be_checked()
    assert (desk.page.evaluate("asked"), notices(desk)) == (0, [])
    desk.page.get_by_label(WISH).check()
    expect(desk.page.get_by_label(WISH)).to_be_checked()
    assert desk.page.evaluate("asked") == 1
    desk.page.get_by_label(WISH).uncheck()
    write(web, lucia.identity, "Are you there?")
    expect(desk.row(lucia)).to_have_attribute("data-unread", "2")
    assert notices(desk) == []


def test_in_the_background_name_and_channel_but_not_what_was_written(
    desk: Desk, web: Inbox
) -> None:
    switch_on(desk)
    desk.page.evaluate(LOOKED_AWAY, True)
    lucia = make_customer(web, "Lucía <b>")
    conversation = write(web, lucia, "My card is 4000").conversation
    (notice,) = wait_for_notices(1, desk)
    assert (notice["title"], notice["body"]) == ("Lucía <b>", "Web · New conversation")
    assert notice["silent"]  # the sound control sounds, or does not
    desk.page.evaluate(LOOKED_AWAY, False)
    desk.open(conversation)
    wait_until(lambda: notices(desk)[0]["isClosed"], 10)  # it is no news any more
    desk.page.evaluate(LOOKED_AWAY, True)
    write(web, lucia, "and my pin is 1234")
    _, second = wait_for_notices(2, desk)
    assert second["body"] == "Web · New message"
    assert second["tag"] == notice["tag"]  # it takes the other's place
    desk.page.evaluate("localStorage.setItem(`notify-text:${document.body.dataset.agent}`, 'on')")
    write(web, lucia, "see you")
    assert wait_for_notices(3, desk)[2]["body"] == "Web · see you"


def test_a_press_on_it_opens_that_conversation(desk: Desk, web: Inbox) -> None:
    switch_on(desk)
    first, second = arrivals(web, 2)
    expect(desk.rows()).to_have_count(2)
    desk.open(first)
    assert notices(desk) == []  # the list was looked at
    write(web, second.identity, "Are you there?")  # another conversation is open
    (notice,) = wait_for_notices(1, desk)
    assert notice["tag"] == f"conversation-{second.pk}"
    write(web, first.identity, "Thank you")  # this one is looked at
    expect(desk.bubble("Thank you")).to_be_visible()
    desk.page.evaluate("notices[0].dispatchEvent(new Event('click'))")
    expect(desk.page.locator("#thread")).to_have_attribute("data-conversation", str(second.pk))
    assert len(notices(desk)) == 1


def test_of_two_tabs_one_notifies_the_one_in_front_decides(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    switch_on(desk)
    conversation = opened(desk, web)
    second = Desk(desk.page.context, stack.url, desk.agent)
    second.page.goto(desk.page.url)
    second.wait_for_line()
    second.page.evaluate(LOOKED_AWAY, False)
    desk.page.evaluate(LOOKED_AWAY, True)
    write(web, conversation.identity, "Seen in the second tab")
    for each in (desk, second):
        expect(each.bubble("Seen in the second tab")).to_be_visible()
    second.page.evaluate(LOOKED_AWAY, True)
    write(web, conversation.identity, "Seen by nobody")
    (notice,) = wait_for_notices(1, desk, second)
    assert notice["tag"] == f"conversation-{conversation.pk}"
    second.page.close()
    write(web, conversation.identity, "The first goes on")
    wait_until(lambda: len(notices(desk)) == 1, 10)


def test_a_message_read_unheard_of_hides_no_news_of_the_next(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    """As many are unread as when the screen heard last, but it is another one."""
    context, lost = watching(someone(), stack.url), list[str]()

    def was_read(frame: str) -> bool:
        if lost or "Seen at once" not in frame or 'data-unread=\\"0\\"' not in frame:
            return False
        lost.append(frame)
        return True

    lose(context, "**/ws/console/**", was_read)
    desk = Desk(context, stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    switch_on(desk)
    conversation = opened(desk, web)
    write(web, conversation.identity, "Seen at once")
    wait_until(lambda: desk.page.evaluate("1") and lost, 10)
    expect(desk.row(conversation)).to_have_attribute("data-unread", "1")
    desk.page.evaluate(LOOKED_AWAY, True)
    write(web, conversation.identity, "Seen by nobody")
    (notice,) = wait_for_notices(1, desk)
    assert notice["tag"] == f"conversation-{conversation.pk}"


def opened(desk: Desk, web: Inbox) -> Conversation:
    (conversation,) = arrivals(web, 1)
    desk.open(conversation)
    return conversation


def test_where_the_browser_blocks_them_it_says_so(
    stack: Stack, someone: NewContext, web: Inbox
) -> None:
    """Headless Chromium denies what was not granted. On Ana's phone, in Spanish."""
    ana = make_agent(web.project, "Ana", language="es")
    desk = Desk(someone(viewport=PHONE, has_touch=True), stack.url, ana).sign_in()
    desk.page.get_by_role("button", name="Cuenta", exact=True).tap()
    wish = desk.page.get_by_label("Notificaciones cuando miro a otra parte")
    wish.click()
    expect(wish).not_to_be_checked()
    expect(desk.page.get_by_text("Tu navegador bloquea las notificaciones")).to_be_visible()
    assert desk.complaints == []
    assert desk.axe() == [] and desk.overflow() == 0
