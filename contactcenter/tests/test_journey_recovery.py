"""A lost password without JavaScript: link, one field, mail, one form (R3, R5)."""

import re
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agents.models import User
from contactcenter.testing import make_agent, make_project
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("committed")]
NEW = "twelve purple lanterns"


def letters_to(folder: Path, email: str) -> list[str]:
    """The mails that a worker of the running product wrote for that person."""
    mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in folder.glob("*")]
    return [str(mail.get_content()) for mail in mails if mail["To"] == email]


def test_ana_forgot_her_password_and_has_javascript_off(stack: Stack, someone: NewContext) -> None:
    ana = make_agent(make_project(), "Ana")
    email = f"{ana.user.username}@shop.example"
    User.objects.filter(pk=ana.user_id).update(email=email)
    page = someone(java_script_enabled=False).new_page()
    page.goto(f"{stack.url}/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("User or email").fill(ana.user.username)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()

    find = partial(letters_to, stack.folder / "mail", email)
    wait_until(find, 20, stack.logs)
    (letter,) = find()
    found = re.search(r"https?://[^/\s]+(/login/recover/\S+)", letter)
    assert found, letter
    link = stack.url + found[1]
    page.goto(link)
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password was changed")
    expect(page.get_by_label("User")).to_have_value(ana.user.username)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/p/{ana.project.slug}/")

    page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    page.get_by_role("link", name="Ask for a new link").click()
    expect(page.get_by_label("User or email")).to_be_visible()
