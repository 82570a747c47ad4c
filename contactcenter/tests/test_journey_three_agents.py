"""Three agents and 20 customers: 6 / 6 / 6 and 2 waiting, in order (R15–R18)."""

import pytest
from playwright.sync_api import expect

from contactcenter.testing import arrivals, holder_of, make_agent, make_project
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack
from conversations import routing

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]


def test_six_each_and_two_waiting_and_each_end_pulls_the_right_one(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    desks = [
        Desk(someone(), url, make_agent(shop, name)).sign_in()
        for url, name in zip(
            (stack.url, stack.other_url, stack.url), ("Ana", "Bruno", "Carla"), strict=True
        )
    ]
    for desk in desks:
        desk.accept()
    customers = arrivals(shop.inboxes.get(), 20)
    for desk in desks:
        expect(desk.rows()).to_have_count(6)
        expect(desk.page.get_by_test_id("metric-queued")).to_have_text("2", timeout=3000)
    nineteenth, twentieth = customers[18:]
    assert [routing.position(c.pk) for c in (nineteenth, twentieth)] == [1, 2]
    for desk, mine, comes_in in (
        (desks[1], customers[1], nineteenth),
        (desks[2], customers[2], twentieth),
    ):
        desk.open(mine)
        desk.end()
        expect(desk.row(comes_in)).to_be_visible(timeout=2000)
        assert holder_of(comes_in) == desk.agent
    expect(desks[0].page.get_by_test_id("metric-queued")).to_have_text("0", timeout=3000)
    assert [desk.complaints for desk in desks] == [[], [], []]
