"""R79: the agents' help, in both languages, reached from the console; its words are the
screen's."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from agents.models import Agent
from contactcenter import handbook
from contactcenter.testing import make_agent, make_project, make_supervisor
from contactcenter.tests.browsers import DESKTOP, PHONE, Desk
from contactcenter.tests.conftest import NewContext
from contactcenter.tests.stack import Stack

TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAME = re.compile(r'{% translate "([^"]+)" as (?!alt)\w+ %}')
PICTURE = re.compile(r"picture=pictures\.(\w+)")


def chapters() -> str:
    return "".join(path.read_text() for path in (TEMPLATES / "help").glob("_*.html"))


@pytest.mark.journey
@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Keyboard shortcuts", "Help", "Help for agents", "Taking conversations")),
        ("es", ("Atajos de teclado", "Ayuda", "Ayuda para agentes", "Recibir conversaciones")),
    ],
)
def test_r79_the_help_opens_from_the_shortcuts_and_the_account(
    stack: Stack, someone: NewContext, language: str, words: tuple[str, ...]
) -> None:
    shortcuts, name, title, chapter = words
    ana = make_agent(make_project(), "Ana", language=language)
    desk = Desk(someone(), stack.url, ana).sign_in()
    page = desk.page
    page.get_by_role("button", name=shortcuts).click()
    with page.expect_popup() as opened:  # beside the console: she stays connected
        page.get_by_role("dialog").get_by_role("link", name=name).click()
    expect(opened.value.get_by_role("heading", name=title)).to_be_visible()
    expect(opened.value.locator("html")).to_have_attribute("lang", language)
    opened.value.get_by_role("link", name=chapter).click()
    expect(opened.value.get_by_role("heading", name=chapter)).to_be_in_viewport()
    for picture in opened.value.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert len(picture.get_attribute("alt") or "") > 10
    page.keyboard.press("Escape")
    page.locator(".me > .av").click()
    expect(page.locator("#me").get_by_role("link", name=name)).to_have_attribute("href", "/help/")
    assert desk.complaints == []


@pytest.mark.journey
@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(
    ("viewport", "scheme", "language"),
    [
        pytest.param(DESKTOP, "light", "en", id="1440-light-en"),
        pytest.param(PHONE, "dark", "es", id="390-dark-es"),
        pytest.param({"width": 320, "height": 640}, "light", "es", id="320-light-es"),
    ],
)
def test_r79_it_is_fine_everywhere(
    stack: Stack, someone: NewContext, viewport: dict[str, int], scheme: str, language: str
) -> None:
    ana = make_agent(make_project(), "Ana", language=language)
    desk = Desk(someone(viewport=viewport, color_scheme=scheme), stack.url, ana).sign_in()
    desk.page.goto(f"{stack.url}/help/")
    assert desk.complaints == []
    assert desk.axe() == [] and desk.overflow() == 0


@pytest.mark.django_db
def test_r79_it_names_whom_to_ask_and_the_film_where_there_is_one(
    ana: Agent, settings: settings
) -> None:
    client = Client()
    client.force_login(ana.user, backend="agents.backends.ModelBackend")
    html = client.get("/help/").content.decode()
    assert "Watch the video" not in html and "Still a question?" not in html
    ana.project.administrator_contact = "sofia@shop.example"
    ana.project.save()
    settings.HELP_VIDEO_URL = "https://films.example/console?a=1&b=2"
    html = client.get("/help/").content.decode()
    assert 'href="https://films.example/console?a=1&amp;b=2"' in html
    assert "sofia@shop.example" in html


@pytest.mark.django_db
def test_r79_supervisors_read_it_too_and_nobody_without_signing_in(ana: Agent) -> None:
    client = Client()
    assert client.get("/help/").url == "/login/?next=/help/"
    sofia = make_supervisor(ana.project)
    client.force_login(sofia.user, backend="agents.backends.ModelBackend")
    assert client.get("/help/").status_code == 200


def test_r79_every_name_in_it_stands_on_a_screen_too() -> None:
    screens = "".join(
        path.read_text() for path in TEMPLATES.rglob("*.html") if path.parent.name != "help"
    )
    named = set(NAME.findall(chapters()))
    assert len(named) > 5
    assert {name for name in named if f'"{name}"' not in screens} == set()


def test_r79_every_picture_was_taken_in_both_languages_and_is_small() -> None:
    taken = {language: handbook.pictures(language) for language in ("en", "es")}
    assert taken["en"].keys() == taken["es"].keys()
    assert {"screen", "phone", "thread", "ending", "keys"} <= taken["en"].keys()
    assert taken["en"].keys() <= set(PICTURE.findall(chapters()))  # none lies there unused
    for path in handbook.FOLDER.glob("img/help/*/*"):
        assert path.stat().st_size <= 80_000, path
