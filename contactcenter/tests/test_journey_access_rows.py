"""Signing in and being let in (R1, R2, R6–R10), in a browser, with and without its scripts."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from agents.models import Agent, User
from contactcenter.testing import (
    PASSWORD,
    arrivals,
    holder_of,
    make_agent,
    make_project,
    make_supervisor,
    ready,
)
from contactcenter.tests.browsers import DESKTOP, PHONE, Chat, Desk
from contactcenter.tests.conftest import NewContext
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
    page = someone().new_page()
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
    page = someone().new_page()
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
        page = someone(java_script_enabled=False).new_page()
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
    page = someone().new_page()
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


def test_r7_the_projects_one_belongs_to_and_no_others(stack: Stack, someone: NewContext) -> None:
    north, lake = make_project("Tienda Norte"), make_project("Viajes Lago")
    clinic = make_project("Clínica Parque")
    ana = make_agent(north, "Ana")
    also = Agent.objects.create(user=ana.user, project=lake)
    also.campaigns.set(lake.campaigns.all())
    page = someone().new_page()
    page.goto(f"{stack.url}/login/")
    fill_in(page, ana.user.username)
    page.wait_for_url("**/projects/")
    expect(page.locator(".plist a")).to_have_count(2)
    expect(page.get_by_text("Clínica Parque")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Viajes Lago")).click()
    page.wait_for_url(f"**/p/{lake.slug}/")
    ready(ana)
    arrivals(north.inboxes.get(), 1)
    expect(page.locator("#items > li")).to_have_count(0)
    page.get_by_role("link", name="Switch project: Viajes Lago").click()
    page.get_by_role("link", name=re.compile("Tienda Norte")).click()
    page.wait_for_url(f"**/p/{north.slug}/")
    expect(page.locator("#items > li")).to_have_count(1)
    for path in (f"/p/{clinic.slug}/", "/p/no-such-project/"):
        answer = page.goto(stack.url + path)
        assert answer and answer.status == 404
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_r7_one_project_is_entered_at_once_and_none_says_whom_to_ask(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project(administrator_contact="Sofía, extension 12")
    ana, left = make_agent(shop, "Ana"), make_agent(shop, "Bruno", is_active=False)
    stranger = User.objects.create_user(f"new-{ana.pk}", password=PASSWORD)
    page = someone().new_page()
    page.goto(stack.url)
    fill_in(page, ana.user.username)
    page.wait_for_url(f"**/p/{shop.slug}/")
    expect(page.get_by_role("link", name=re.compile("Switch project"))).to_have_count(0)
    for user, contact in ((left.user, 1), (stranger, 0)):
        page = someone().new_page()
        page.goto(stack.url)
        fill_in(page, user.username)
        expect(page.get_by_role("heading", name="No access to the console")).to_be_visible()
        expect(page.get_by_text("Sofía, extension 12")).to_have_count(contact)
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_r8_a_bookmark_leads_to_the_sign_in_and_back(stack: Stack, someone: NewContext) -> None:
    """Also to one conversation, with all that its address says."""
    shop = make_project()
    ana = ready(make_agent(shop, "Ana"))
    (conversation,) = arrivals(shop.inboxes.get(), 1)
    home = f"{stack.url}/p/{shop.slug}/"
    for bookmark in (home, f"{home}c/{conversation.pk}/"):
        page = someone().new_page()
        page.goto(bookmark)
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        fill_in(page, ana.user.username, "wrong")  # the wish survives a mistake
        fill_in(page, ana.user.username)
        page.wait_for_url(bookmark)
        expect(page.locator("#items > li")).to_have_count(1)
    expect(page.locator("#thread")).to_have_attribute("data-conversation", str(conversation.pk))


def test_r9_two_tabs_of_ana_stay_in_step_and_count_as_one(
    stack: Stack, someone: NewContext
) -> None:
    """R9, R28: a customer writes, one tab answers, both show it; the second on another process."""
    shop = make_project()
    ana = make_agent(shop, "Ana")
    context = someone()
    first = Desk(context, stack.url, ana).sign_in()
    second = Desk(context, stack.other_url, ana)
    second.page.goto(first.page.url.replace(stack.url, stack.other_url))
    second.wait_for_line()
    first.accept()
    expect(second.page.locator("#availability")).to_have_attribute("data-s", "on")
    chat = Chat(someone(), stack.other_url, shop.inboxes.get())
    chat.write("Where is my lamp?")
    expect(second.rows().get_by_test_id("new-dot")).to_be_visible()
    first.rows().locator("a").click()
    expect(second.rows().get_by_test_id("new-dot")).to_have_count(0)
    first.answer("On its way")
    expect(chat.bubble("On its way")).to_be_visible()
    expect(second.rows()).to_contain_text("On its way")
    for tab in (first, second):
        expect(tab.page.get_by_test_id("metric-online")).to_have_text("1")
        assert tab.complaints == []


def test_r10_the_first_screen_has_all_its_parts_and_begins_not_available(
    stack: Stack, someone: NewContext
) -> None:
    shop = make_project()
    ana = ready(make_agent(shop, "Ana"))
    (before,) = arrivals(shop.inboxes.get(), 1)
    assert holder_of(before) == ana
    ana.consoles.all().delete()  # yesterday's console
    desk = Desk(someone(), stack.url, ana).sign_in(PASSWORD)
    page = desk.page
    for figure in ("avg", "max", "queued", "online"):
        expect(page.get_by_test_id(f"metric-{figure}")).to_have_text(re.compile(r"^(–|[\d:]+)$"))
    expect(page.locator("#availability")).to_contain_text("Not available")
    expect(page.get_by_role("button", name="Accept new conversations")).to_be_enabled()
    expect(page.get_by_role("heading", name="My conversations")).to_be_visible()
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#thread .msg")).to_have_count(0)
    expect(desk.row(before)).to_be_visible()
    arrivals(shop.inboxes.get(), 1)
    expect(page.get_by_test_id("metric-queued")).to_have_text("1", timeout=3000)
    expect(desk.rows()).to_have_count(1)  # nothing before the press
    assert desk.complaints == []
    assert desk.axe() == []


def test_r1_without_scripts_the_whole_job_can_be_done(stack: Stack, someone: NewContext) -> None:
    """Sign in, choose, read, accept, answer, end: pages and forms only."""
    north, lake = make_project("Tienda Norte"), make_project("Viajes Lago")
    ana = make_agent(north, "Ana")
    Agent.objects.create(user=ana.user, project=lake)
    page = someone(java_script_enabled=False).new_page()
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
