"""Row R58: whoever signs out with open conversations sees them first, and none is forgotten."""

import re
import uuid

import pytest
from playwright.sync_api import Locator, expect

from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import holder_of, make_agent, make_customer, make_project, write
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.giving import at_work, taker
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack
from conversations import outbound
from conversations.models import Conversation, Inbox

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SOON = 5_000  # ms
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])


@pytest.fixture
def web(committed: None) -> Inbox:
    return make_project().inboxes.get()


def held_by(web: Inbox, *names: str) -> list[Conversation]:
    return [write(web, make_customer(web, name)).conversation for name in names]


def sign_out(desk: Desk) -> Locator:
    """The press in the menu; returns the dialog that asks."""
    desk.page.locator("[popovertarget=me]:visible").click()
    desk.page.locator("#me form button").click()
    return desk.page.locator("#going-home")


@SIZES
def test_r58_signing_out_names_what_is_open_and_leaving_forgets_nobody(
    stack: Stack, someone: NewContext, web: Inbox, viewport: dict[str, int]
) -> None:
    """Who waits for an answer is with Bruno at once; who was answered comes when they write."""
    desk = at_work(stack, someone, make_agent(web.project, "Ana"), viewport=viewport)
    waits, answered = held_by(web, "Lucía", "Mateo")
    outbound.send(agent=desk.agent, conversation=answered, client_id=uuid.uuid4(), text="Yes")
    expect(desk.rows()).to_have_count(2)
    bruno = at_work(stack, someone, make_agent(web.project, "Bruno"))
    dialog = sign_out(desk)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("You have 2 open conversations.")
    expect(dialog.locator("li", has_text="Lucía")).to_contain_text("waits for your answer")
    expect(dialog.locator("li", has_text="Mateo")).to_contain_text("you answered last")
    assert desk.axe() == []
    assert desk.overflow() == 0
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.rows()).to_have_count(2)  # nothing has happened

    dialog = sign_out(desk)
    dialog.get_by_role("button", name="Leave all and sign out").click()
    desk.page.wait_for_url("**/login/")
    expect(bruno.row(waits)).to_be_visible(timeout=SOON)
    expect(bruno.rows()).to_have_count(1)
    write(web, answered.identity, "One more thing")
    expect(bruno.row(answered)).to_be_visible(timeout=SOON)
    assert bruno.complaints == []


def test_r58_each_is_ended_transferred_or_left_and_then_one_goes(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    first, second, third = held_by(web, "Lucía", "Mateo", "Renata")
    expect(desk.rows()).to_have_count(3)
    bruno = at_work(stack, someone, make_agent(web.project, "Bruno", capacity=1))
    desk.stop()
    toast = desk.page.locator("toast-stack .toast", has_text="Your open conversations stay")
    toast.get_by_role("link", name="Going home?").click()
    dialog = desk.page.locator("#going-home")
    expect(dialog.locator("li")).to_have_count(3)

    dialog.get_by_role("link", name="End Lucía").click()
    ending = desk.page.locator("#ending")
    ending.get_by_label("Order status", exact=True).check()
    ending.get_by_role("button", name="End conversation").click()
    expect(dialog.locator("li")).to_have_count(2)

    dialog.get_by_role("link", name="Transfer Mateo").click()
    taker(desk, bruno.agent).click()
    desk.page.locator("#transfer").get_by_role("button", name="Transfer to Bruno").click()
    expect(dialog.locator("li")).to_have_count(1)
    expect(bruno.row(second)).to_be_visible(timeout=SOON)

    dialog.get_by_role("button", name="Leave Renata").click()
    expect(desk.page.locator("toast-stack")).to_contain_text("Renata is back in the queue.")
    expect(dialog).to_contain_text("Nothing is open any more")
    dialog.get_by_role("button", name="Sign out").click()
    desk.page.wait_for_url("**/login/")
    assert Conversation.objects.get(pk=first.pk).ended_by == desk.agent
    assert (holder_of(second), holder_of(third)) == (bruno.agent, None)
    assert desk.complaints == []


def test_r58_with_nothing_open_it_is_one_press_and_without_scripts_a_page(
    stack: Stack, someone: NewContext, desk: Desk, web: Inbox
) -> None:
    held_by(web, "Lucía")
    expect(desk.rows()).to_have_count(1)
    plain = someone(java_script_enabled=False)
    plain.add_cookies(desk.page.context.cookies())  # type: ignore[arg-type]
    page = page_of(plain)
    page.goto(f"{stack.url}/projects/")  # one project: straight into it
    page.locator("[popovertarget=me]:visible").click()
    page.locator("#me form button").click()
    expect(page.locator("main")).to_contain_text("Lucía")
    page.get_by_role("button", name="Leave all and sign out").click()
    page.wait_for_url("**/login/")
    wait_until(lambda: not web.project.assignments.filter(ended_at=None).exists(), 10)

    carla = at_work(stack, someone, make_agent(web.project, "Carla", campaigns=[]))
    expect(carla.rows()).to_have_count(0)
    sign_out(carla)
    carla.page.wait_for_url(re.compile("/login/"))
