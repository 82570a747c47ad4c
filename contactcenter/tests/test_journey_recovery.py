"""A lost password (R3–R5): link, one field, mail, one form; and for whom there is no mail."""

import re
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agents.models import Agent
from contactcenter.embedded.waiting import wait_until
from contactcenter.testing import PASSWORD, make_agent, make_project, make_supervisor
from contactcenter.tests.browsers import Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.lending import page_of
from contactcenter.tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
NEW = "twelve purple lanterns"


def letters_to(folder: Path, email: str) -> list[str]:
    """The mails that a worker of the running product wrote for that person."""
    mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in folder.glob("*")]
    return [str(mail.get_content()) for mail in mails if mail["To"] == email]


def link_in(letter: str, stack: Stack) -> str:
    found = re.search(r"https?://[^/\s]+(/login/recover/\S+)", letter)
    assert found, letter
    return stack.url + found[1]


def ask_for(page: Page, stack: Stack, named: str) -> str:
    """From the sign-in page on; returns what the answer says."""
    page.goto(f"{stack.url}/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("User or email").fill(named)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.wait_for_load_state()  # with its styles, on which the text's lines depend
    return page.locator("main").inner_text()


def choose(page: Page, password: str) -> None:
    page.get_by_label("New password").fill(password)
    page.get_by_label("The same again").fill(password)
    page.get_by_role("button", name="Set the password").click()


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def with_email(name: str) -> Agent:
    agent = make_agent(make_project(), name)
    agent.user.email = f"{agent.user.username}@shop.example"
    agent.user.save()
    return agent


def test_r5_recovery_is_a_link_a_field_a_mail_and_a_form_without_scripts(
    stack: Stack, someone: NewContext
) -> None:
    """R3, too: the link works once, and offers a new one after that."""
    ana = with_email("Ana")
    page = page_of(someone(java_script_enabled=False))
    ask_for(page, stack, ana.user.username)
    find = partial(letters_to, stack.folder / "mail", ana.user.email)
    wait_until(find, 20, stack.logs)
    (letter,) = find()
    page.goto(link_in(letter, stack))
    choose(page, NEW)
    expect(page.get_by_role("status")).to_contain_text("Your password was changed")
    expect(page.get_by_label("User", exact=True)).to_have_value(ana.user.username)
    sign_in(page, NEW)
    page.wait_for_url(f"**/p/{ana.project.slug}/")

    page.goto(link_in(letter, stack))
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    page.get_by_role("link", name="Ask for a new link").click()
    expect(page.get_by_label("User or email")).to_be_visible()


def test_r3_a_recovered_password_ends_what_was_open_and_nobody_learns_who_exists(
    stack: Stack, someone: NewContext
) -> None:
    ana = with_email("Ana")
    desk = Desk(someone(), stack.url, ana).sign_in()
    page = page_of(someone())
    answers = [ask_for(page, stack, named) for named in ("nobody-here", ana.user.email)]
    assert answers[0] == answers[1]
    find = partial(letters_to, stack.folder / "mail", ana.user.email)
    wait_until(find, 20, stack.logs)
    page.goto(link_in(find()[0], stack))
    choose(page, NEW)
    desk.page.wait_for_url(f"**/login/?next=/p/{ana.project.slug}/")
    desk.page.get_by_label("User", exact=True).fill(ana.user.username)
    sign_in(desk.page, PASSWORD)
    expect(desk.page.get_by_role("alert")).to_be_visible()  # the old one
    sign_in(desk.page, NEW)
    desk.wait_for_line()


def test_r4_without_an_email_the_page_says_whom_to_ask_and_sofia_helps(
    stack: Stack, someone: NewContext
) -> None:
    ana, bruno = make_agent(make_project(), "Ana"), with_email("Bruno")
    sofia = make_supervisor(ana.project)
    page = page_of(someone())
    page.goto(f"{stack.url}/login/recover/")
    whom = page.get_by_text("No email in your account? Ask the administrator of your campaign")
    expect(whom).to_be_visible()
    ask_for(page, stack, ana.user.username)
    expect(whom).to_be_visible()
    ask_for(page, stack, bruno.user.username)  # asked later: when his mail is there, hers is not
    wait_until(partial(letters_to, stack.folder / "mail", bruno.user.email), 20, stack.logs)
    letters = [path.read_text() for path in (stack.folder / "mail").glob("*")]
    assert not any(ana.user.username in letter for letter in letters)

    page.goto(f"{stack.url}/login/?next=/admin/agents/user/{ana.user_id}/password/")
    page.get_by_label("User", exact=True).fill(sofia.user.username)
    sign_in(page, PASSWORD)
    page.locator("#id_new_password1").fill(NEW)
    page.locator("#id_new_password2").fill(NEW)
    page.locator("#content button[type=submit], #content input[type=submit]").first.click()
    expect(page.get_by_text("The new password is set.")).to_be_visible()
    Desk(someone(), stack.url, ana).sign_in(NEW)
