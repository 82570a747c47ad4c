"""Signing in, and who is let in (R1, R2, R6)."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from agents.models import Agent, User
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    make_agent,
    make_project,
    make_supervisor,
    ready,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
SOON = 10_000  # ms: five seconds of the promise, a page anew, and a busy machine


def fill_in(page: Page, user: str, password: str = PASSWORD) -> None:
    page.get_by_label("User", exact=True).fill(user)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password", exact=True).press("Enter")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])
def test_r1_one_address_to_sign_in_and_the_whole_job_on_desktop_and_phone(
    stack: Stack, someone: NewContext, viewport: dict[str, int]
) -> None:
    shop = make_project()
    is_phone = viewport == PHONE
    context = someone(viewport=viewport, has_touch=is_phone, is_mobile=is_phone)
    desk = Desk(context, stack.url, make_agent(shop, "Ana"))
    desk.page.goto(f"{stack.url}/login/")
    assert desk.overflow() == 0
    if is_phone:
        assert too_small(desk.page) == []
    desk.sign_in(PASSWORD)
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    desk.answer("On its way")
    expect(desk.bubble("On its way")).to_have_attribute("data-seq", "2")
    assert desk.overflow() == 0
    if is_phone:
        assert too_small(desk.page) == []
        desk.page.set_viewport_size({"width": PHONE["height"], "height": PHONE["width"]})
        assert desk.overflow() == 0
        desk.page.set_viewport_size({"width": 390, "height": 420})  # the keyboard is out
        expect(desk.page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
        desk.page.set_viewport_size(PHONE)
    desk.end()
    expect(desk.rows()).to_have_count(0)
    assert desk.complaints == []


def too_small(page: Page) -> list[str]:
    """What a finger cannot hit: under 44 × 44 px, links in running text aside."""
    return page.evaluate(
        """() => [...document.querySelectorAll("button, input, textarea, select, a.btn, a.item")]
            .filter((e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
            .map((e) => [e, (e.closest("label") ?? e).getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
            .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}×${box.height}`)"""
    )


def test_r2_a_wrong_pair_stays_with_one_sentence_and_the_right_one_leads_on(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana, gone = make_agent(shop, "Ana"), make_agent(shop, "Bruno")
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    page = page_of(someone())
    page.goto(f"{stack.url}/login/?next=//evil.test/")
    button = page.get_by_role("button", name="Sign in")
    expect(button).to_have_count(1)
    sentences = set()
    for user, password in (
        (ana.user.username, "wrong"),
        ("nobody-at-all", PASSWORD),
        (gone.user.username, PASSWORD),
    ):
        fill_in(page, user, password)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("User", exact=True)).to_have_value(user)
        expect(page.get_by_label("Password", exact=True)).to_have_value("")
        expect(page.get_by_label("Password", exact=True)).to_be_focused()
        sentences.add(page.get_by_role("alert").inner_text())
    assert len(sentences) == 1
    fill_in(page, ana.user.username)
    page.wait_for_url(f"{stack.url}/p/{ana.project.slug}/")


def test_r2_repeated_failures_are_slowed_and_it_says_so(stack: Stack, someone: NewContext) -> None:
    ana = make_agent(make_project(), "Ana")
    page = page_of(someone())
    page.goto(f"{stack.url}/login/")
    for _ in range(6):
        fill_in(page, ana.user.username, "wrong")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Password", exact=True)).to_have_value("")
    expect(page.get_by_role("alert")).to_contain_text("Too many tries. Wait a minute")
    expect(page.get_by_label("User", exact=True)).to_have_value(ana.user.username)
    fill_in(page, ana.user.username)  # not even the right one, now
    expect(page.get_by_role("alert")).to_contain_text("Too many tries. Wait a minute")


def test_r2_next_never_leaves_the_site(stack: Stack, someone: NewContext) -> None:
    """What browsers make of an address is not what a server reads: so, in a browser, too."""
    ana = make_agent(make_project(), "Ana")
    for target in ("/\\evil.test", "\t//evil.test", "https:evil.test", "%2f%2fevil.test"):
        page = page_of(someone(java_script_enabled=False))
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{stack.url}/login/?next={quote(target, safe='')}")
        fill_in(page, ana.user.username)
        expect(page.get_by_label("Password", exact=True)).to_have_count(0)
        assert all(url.startswith((f"{stack.url}/", "data:")) for url in asked), asked


def test_r6_who_loses_the_agent_permission_is_out_and_learns_whom_to_ask(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project(administrator_contact="Sofía, extension 12")
    ana, sofia = make_agent(shop, "Ana"), make_supervisor(shop)
    desk = Desk(someone(), stack.url, ana).sign_in()
    page = page_of(someone())
    page.goto(f"{stack.url}/login/?next=/admin/agents/agent/{ana.pk}/change/")
    fill_in(page, sofia.user.username)
    page.get_by_label("Answers customers").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert desk.page.request.get(desk.page.url).status == 403
    heading = desk.page.get_by_role("heading", name="No access to the console")
    expect(heading).to_be_visible(timeout=SOON)
    expect(desk.page.get_by_text("A supervisor or the administrator")).to_be_visible()
    expect(desk.page.get_by_text("Sofía, extension 12")).to_be_visible()
    page.goto(f"{stack.url}/projects/")  # a supervisor is led to the admin
    page.wait_for_url("**/admin/")


@pytest.mark.parametrize("way", ["signed out elsewhere", "user deactivated"])
def test_r6_whose_session_ends_finds_the_sign_in_and_what_was_written(
    stack: Stack, someone: NewContext, way: str
) -> None:
    """P-15 in the browser: never an endless "reconnecting"."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    context = someone()
    desk = Desk(context, stack.url, ana).sign_in()
    desk.accept()
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    desk.open(conversation)
    desk.answer("One moment")
    expect(desk.bubble("One moment")).to_be_visible()
    desk.page.locator("#thread textarea").fill("half an answ")
    if way == "user deactivated":
        User.objects.filter(pk=ana.user_id).update(is_active=False)
    else:
        other = context.new_page()
        other.goto(f"{stack.url}/p/{shop.slug}/")
        other.get_by_role("button", name=re.compile("^Account")).click()
        other.get_by_role("button", name="Sign out").click()
        other.get_by_role("button", name="Leave all and sign out").click()
        other.wait_for_url("**/login/")
    desk.page.wait_for_url(f"**/login/?next=/p/{shop.slug}/c/{conversation.pk}/", timeout=SOON)
    expect(desk.page.get_by_role("status")).to_have_text(
        "You are signed out. Sign in to go on where you were."
    )
    User.objects.filter(pk=ana.user_id).update(is_active=True)
    fill_in(desk.page, ana.user.username)
    expect(desk.page.locator("#thread textarea")).to_have_value("half an answ")


def test_r1_without_scripts_the_whole_job_can_be_done(stack: Stack, someone: NewContext) -> None:
    """Sign in, choose, read, accept, answer, end: pages and forms only."""
    north, lake = make_project("Tienda Norte"), make_project("Viajes Lago")
    ana = make_agent(north, "Ana")
    Agent.objects.create(user=ana.user, project=lake)
    page = page_of(someone(java_script_enabled=False))
    page.goto(stack.url)
    fill_in(page, ana.user.username)
    page.get_by_role("link", name=re.compile("Tienda Norte")).click()
    ready(ana)  # without scripts there is no line; one stands in for it
    (conversation,) = arrivals(north.inboxes.get(), 1)
    Agent.objects.filter(pk=ana.pk).update(is_available=False)
    page.reload()
    page.get_by_test_id("accept-toggle").click()
    expect(page.locator("#availability")).to_contain_text("Available")
    page.locator("#items a").click()
    expect(page.locator("#thread")).to_contain_text("I am number 1")
    page.locator("form.composer textarea[name=text]").first.fill("On its way")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thread .msg.out")).to_contain_text("On its way")
    page.get_by_test_id("end").click()
    page.get_by_label("Order status").check()
    page.get_by_role("button", name="End conversation").click()
    page.wait_for_url(f"**/p/{north.slug}/")
    expect(page.locator("#items > li")).to_have_count(0)
    conversation.refresh_from_db()
    assert not conversation.is_open
