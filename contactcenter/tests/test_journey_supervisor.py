"""Sofía in the supervisors' site: every page under the strict CSP, axe finds nothing."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from agents.models import Agent
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    make_agent,
    make_project,
    make_supervisor,
    order_status,
    ready,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Watched
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack
from conversations import closing
from conversations.models import FormField

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]

LOOKS = [
    pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
    pytest.param(PHONE, "dark", "es", id="390-dark-es"),
]
ID = re.compile(r"/([0-9a-f]{8}-[0-9a-f-]{27}|\d+)/")
HISTORY = re.compile(r".*/history/")  # one template for all


def enter(page: Page, url: str, sofia: Agent) -> None:
    """By way of the admin's address, so the one sign-in leads back to it."""
    page.goto(f"{url}/admin/")
    page.fill("#id_username", sofia.user.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def links(page: Page) -> list[str]:
    """The site's pages this one leads to, without their queries and fragments."""
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    paths = [urlsplit(urljoin(page.url, href)).path for href in hrefs]
    return [path for path in paths if path.startswith("/admin/")]


@pytest.mark.parametrize(("viewport", "scheme", "language"), LOOKS)
def test_every_kind_of_page(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    shop = make_project()
    sofia, ana = make_supervisor(shop), ready(make_agent(shop, "Ana"))
    first, *_ = arrivals(shop.inboxes.get(), 3)
    closing.end(agent=ana, conversation=first, typification=order_status(shop))
    FormField.objects.create(inbox=shop.inboxes.get(), label="Your name", kind="name")
    context = someone(viewport=viewport, color_scheme=scheme, locale=language)
    watched = Watched(page_of(context))
    enter(watched.page, stack.url, sofia)
    seen: set[str] = set()
    shapes: set[str] = set()
    ahead = ["/admin/"]
    while ahead:
        path = ahead.pop(0)
        kind = HISTORY.sub("history", ID.sub("/id/", path))
        shape = kind.rstrip("/").rsplit("/", 1)[-1]
        # Pages of one shape share their template. On the phone one of each is looked at; on the
        # desktop all, with axe each form and one of each other shape.
        if kind in seen or (viewport == PHONE and shape in shapes):
            continue
        seen.add(kind)
        response = watched.page.goto(f"{stack.url}{path}")
        assert response
        assert response.status == 200, path
        assert watched.complaints == [], path
        assert watched.overflow() == 0, path
        if shape == "change" or shape not in shapes:
            assert watched.fine() == [], path
        shapes.add(shape)
        ahead += links(watched.page)
    assert {"change", "add", "history"} <= shapes
    if viewport == DESKTOP:
        assert {"delete", "password"} <= shapes
        assert {"/admin/agents/agent/id/change/", "/admin/agents/user/id/password/"} <= seen
        assert {"/admin/conversations/typification/id/delete/", "/admin/agents/user/add/"} <= seen
        assert len(seen) > 30


def test_a_filter_a_change_and_the_way_out(stack: Stack, someone: NewContext) -> None:
    """What she saves takes effect; the menu opens on the phone; signing out is everybody's."""
    shop = make_project(capacity=1)
    sofia, ana = make_supervisor(shop), ready(make_agent(shop, "Ana"))
    arrivals(shop.inboxes.get(), 2)
    watched = Watched(page_of(someone(viewport=PHONE, has_touch=True)))
    page = watched.page
    enter(page, stack.url, sofia)
    page.get_by_role("button", name="Menu").click()
    page.locator("#site-nav").get_by_role("link", name="Projects").click()
    page.get_by_role("link", name=shop.name).last.click()
    page.get_by_label("Conversations at once").fill("2")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert ana.assignments.filter(ended_at=None).count() == 2
    page.goto(f"{stack.url}/admin/conversations/assignment/")
    page.locator("#changelist-filter").get_by_role("link", name="Today", exact=True).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/")
    assert watched.complaints == []


def test_a_question_before_the_chat_is_added_and_taken_away_on_the_phone(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    web, sofia = shop.inboxes.get(), make_supervisor(shop)
    FormField.objects.create(inbox=web, label="Old question")
    watched = Watched(page_of(someone(viewport=PHONE, has_touch=True)))
    page = watched.page
    enter(page, stack.url, sofia)
    page.goto(f"{stack.url}/admin/conversations/inbox/{web.pk}/change/")
    page.get_by_label("Delete").first.check()
    page.get_by_role("button", name="Add another Form field").click()
    added = page.locator("#form_fields-1")
    added.get_by_label("Question").fill("Your email")
    added.get_by_label("Kind").select_option("email")
    added.get_by_label("Must be answered").uncheck()
    assert watched.overflow() == 0
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    (field,) = web.form_fields.all()
    assert (field.label, field.kind, field.is_required) == ("Your email", "email", False)
    assert watched.complaints == []


def test_an_agent_is_told_who_can_let_them_in(stack: Stack, someone: NewContext) -> None:
    shop = make_project(administrator_contact="boss@shop.example")
    ana = make_agent(shop, "Ana")
    page = Watched(page_of(someone()))
    page.page.goto(f"{stack.url}/admin/")
    page.page.fill("#id_username", ana.user.username)
    page.page.fill("#id_password", PASSWORD)
    page.page.press("#id_password", "Enter")
    expect(page.page.get_by_role("heading", name="No access to supervision")).to_be_visible()
    expect(page.page.get_by_text("boss@shop.example")).to_be_visible()
    assert page.axe() == []
