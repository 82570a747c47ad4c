"""Row R32: older messages than a thread shows are in History."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import (
    make_agent,
    make_customer,
    make_project,
    order_status,
    write,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from contactcenter.tests.test_journey_history import ended
from conversations import closing

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])
def test_r32_older_messages_are_in_history(
    stack: Stack, someone: NewContext, viewport: dict[str, int]
) -> None:
    """Beside "Show 20 earlier", a way to all this person's conversations; also from the panel."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    web, lucia = shop.inboxes.get(), make_customer(shop.inboxes.get(), "Lucía")
    desk = Desk(someone(viewport=viewport), stack.url, ana).sign_in()
    desk.accept()
    for n in range(7):
        conversation = write(web, lucia, f"case {n}").conversation
        for more in range(3):
            write(web, lucia, f"case {n}, {more}")
        if n < 6:
            closing.end(agent=ana, conversation=conversation, typification=order_status(shop))
    ended(web, ana, ["Mateo"])
    expect(desk.row(conversation)).to_be_visible()
    desk.open(conversation)
    if viewport == PHONE:
        desk.page.locator(".details").click()
    previous = desk.page.locator(".prev a")
    expect(previous).to_have_count(5)
    expect(previous.first).to_contain_text("case 5")
    expect(previous.first).to_contain_text("Order status · Ana")
    expect(desk.page.locator(".side .all")).to_have_text("All 6")
    desk.page.evaluate("() => { window.isTheSame = true }")
    previous.first.click()
    expect(desk.page.locator("#thread .msg").first).to_contain_text("case 5")
    assert desk.page.evaluate("window.isTheSame")  # the line stays, and with it Ana's place
    expect(desk.page.locator("#thread .msg")).to_have_count(4)
    desk.page.goto(f"{stack.url}{conversation.get_absolute_url()}")
    desk.wait_for_line()
    desk.page.get_by_role("link", name="older messages are in History").click()
    expect(desk.page.locator("#archive .nm")).to_have_text(["Lucía"] * 6)
    expect(desk.page.locator("#archive .chip")).to_have_text("Lucía")
    assert desk.complaints == []
