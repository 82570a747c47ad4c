"""Ana hears what is new, in front and in the background, once, or mutes it (R29, R30).

Chromium is as strict as for everybody: a page is silent until somebody has pressed in it.
"""

import itertools
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import arrivals, make_agent, make_project, write
from contactcenter.tests.browsers import PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

# The sounds that really start, with their times; a context that is not running is not heard.
SPY = """
window.heard = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  if (this.context.state === "running") window.heard.push(Date.now());
  return start.apply(this, when);
};
"""
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def heard(*pages: Page) -> int:
    return sum(page.evaluate("window.heard.length") for page in pages)


def wait_for_sounds(count: int, *pages: Page) -> None:
    wait_until(lambda: heard(*pages) >= count, 10)
    assert heard(*pages) == count


def a_quiet_second(page: Page) -> None:
    """The pause between two sounds is over: what comes now may be heard."""
    page.wait_for_function(
        "(agent) => Date.now() - (localStorage.getItem(`sounded:${agent}`) ?? 0) > 1000",
        arg=page.locator("body").get_attribute("data-agent"),
    )


def listening(context: BrowserContext) -> BrowserContext:
    context.add_init_script(SPY)
    return context


@pytest.fixture
def desk(stack: Stack, someone: NewContext, web: Inbox) -> Desk:
    """Ana has pressed Accept; nothing was heard so far."""
    desk = Desk(listening(someone()), stack.url, make_agent(web.project, "Ana")).sign_in()
    desk.accept()
    assert heard(desk.page) == 0
    return desk


def arrived(desk: Desk, web: Inbox) -> Conversation:
    (conversation,) = arrivals(web, 1)
    expect(desk.row(conversation)).to_be_visible()
    return conversation


def test_r29_a_new_conversation_and_each_message_sound_once(desk: Desk, web: Inbox) -> None:
    conversation = arrived(desk, web)
    wait_for_sounds(1, desk.page)
    a_quiet_second(desk.page)
    write(web, conversation.identity, "Are you there?")
    wait_for_sounds(2, desk.page)
    desk.open(conversation)  # the thread in front: its messages sound too
    a_quiet_second(desk.page)
    write(web, conversation.identity, "Hello?")
    expect(desk.bubble("Hello?")).to_be_visible()
    wait_for_sounds(3, desk.page)
    assert desk.complaints == []


def test_r30_it_sounds_with_another_tab_in_front(desk: Desk, web: Inbox) -> None:
    other = desk.page.context.new_page()
    other.bring_to_front()
    desk.page.evaluate(HIDE, True)
    conversation = arrived(desk, web)
    wait_for_sounds(1, desk.page)
    a_quiet_second(desk.page)
    write(web, conversation.identity, "Are you there?")
    wait_for_sounds(2, desk.page)


def test_r29_a_burst_sounds_at_most_once_a_second(desk: Desk, web: Inbox) -> None:
    conversation = arrived(desk, web)
    for n in range(8):
        write(web, conversation.identity, f"Number {n}")
    expect(desk.row(conversation)).to_have_attribute("data-unread", "9")
    times = desk.page.evaluate("window.heard")
    assert times
    assert all(b - a >= 1000 for a, b in itertools.pairwise(times))


def test_r29_own_messages_older_ones_and_a_reload_are_silent(desk: Desk, web: Inbox) -> None:
    conversation = arrived(desk, web)
    for n in range(24):
        write(web, conversation.identity, f"Number {n}")
    expect(desk.row(conversation)).to_have_attribute("data-unread", "25")
    desk.page.reload()
    desk.wait_for_line()
    expect(desk.page.locator("[data-ask]")).to_be_hidden()  # nothing was due
    a_quiet_second(desk.page)
    desk.open(conversation)
    desk.answer("On its way")
    expect(desk.bubble("On its way")).to_have_attribute("data-seq", "26")
    desk.page.locator("[data-older]").click()
    expect(desk.bubble("I am number 1")).to_be_visible()
    assert heard(desk.page) == 0
    write(web, conversation.identity, "Thank you")  # it was listening all the time
    wait_for_sounds(1, desk.page)


def test_r29_muted_is_silent_and_stays_so(desk: Desk, web: Inbox) -> None:
    mute = desk.page.get_by_role("button", name="Sound on")
    expect(mute).to_have_attribute("aria-pressed", "true")
    mute.click()
    unmute = desk.page.get_by_role("button", name="Sound off")
    expect(unmute).to_have_attribute("aria-pressed", "false")
    conversation = arrived(desk, web)
    desk.page.reload()
    desk.wait_for_line()
    expect(unmute).to_be_visible()
    write(web, conversation.identity, "Are you there?")
    expect(desk.row(conversation)).to_have_attribute("data-unread", "2")
    assert heard(desk.page) == 0
    unmute.click()
    write(web, conversation.identity, "Hello?")
    wait_for_sounds(1, desk.page)


def test_r30_of_two_tabs_one_sounds_and_the_other_takes_over(
    desk: Desk, web: Inbox, stack: Stack
) -> None:
    second = Desk(desk.page.context, stack.url, desk.agent)
    second.page.goto(desk.page.url)
    second.wait_for_line()
    conversation = arrived(desk, web)  # nobody has pressed anything in the second
    expect(second.row(conversation)).to_be_visible()
    wait_for_sounds(1, desk.page)
    expect(second.page.get_by_role("button", name="Turn on sound")).to_be_hidden()
    second.page.locator("#list-heading").click()  # now both could
    for n, (hidden, front) in enumerate([(desk, second), (second, desk)], 2):
        hidden.page.evaluate(HIDE, True)
        front.page.evaluate(HIDE, False)
        a_quiet_second(desk.page)
        before = heard(front.page)
        write(web, conversation.identity, f"Number {n}")
        for each in (desk, second):
            expect(each.row(conversation)).to_have_attribute("data-unread", str(n))
        wait_for_sounds(n, desk.page, second.page)
        assert heard(front.page) == before + 1  # the one in front
    desk.page.close()
    a_quiet_second(second.page)
    before = heard(second.page)
    write(web, conversation.identity, "The last one")
    wait_for_sounds(before + 1, second.page)
    assert second.complaints == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_r29_where_the_browser_refuses_a_press_is_asked_for(
    stack: Stack, someone: NewContext, web: Inbox, language: str
) -> None:
    """Ana reloads while she is available: no Accept press to arm it. On her phone."""
    words = {"en": "Turn on sound", "es": "Activar sonido"}[language]
    ana = make_agent(web.project, "Ana", language=language)
    context = listening(someone(viewport=PHONE, has_touch=True))
    desk = Desk(context, stack.url, ana).sign_in()
    desk.accept()
    desk.page.reload()
    desk.wait_for_line()
    button = desk.page.get_by_role("button", name=words)
    expect(button).to_be_hidden()
    conversation = arrived(desk, web)
    expect(button).to_be_visible()
    assert heard(desk.page) == 0
    assert desk.axe() == [] and desk.overflow() == 0
    control = desk.page.locator("sound-control [data-toggle]")
    for target in (button, control):
        box = target.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44
    button.click()
    expect(button).to_be_hidden()
    expect(control).to_be_focused()
    wait_for_sounds(1, desk.page)  # so that she knows it
    write(web, conversation.identity, "Are you there?")
    expect(desk.row(conversation)).to_have_attribute("data-unread", "2")


def test_r30_the_title_counts_what_is_new_or_unread(desk: Desk, web: Inbox) -> None:
    expect(desk.page).to_have_title(re.compile(r"^Conversations"))
    first = arrived(desk, web)
    expect(desk.page).to_have_title(re.compile(r"^\(1\) Conversations"))
    desk.page.evaluate(HIDE, True)
    arrived(desk, web)
    expect(desk.page).to_have_title(re.compile(r"^\(2\) Conversations"))
    desk.page.evaluate(HIDE, False)
    desk.open(first)
    expect(desk.page).to_have_title(re.compile(r"^\(1\) (?!Conversations)"))
    desk.page.go_back()
    expect(desk.page).to_have_title(re.compile(r"^\(1\) Conversations"))
