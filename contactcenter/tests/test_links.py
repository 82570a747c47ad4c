"""Addresses in texts become links, in a real Chromium: what is shown is where it leads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.journey

MODULE = Path(__file__).parents[1] / "static/js/links.js"
PAGE = "http://links.test/"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    def answer(route: Route) -> None:
        is_module = route.request.url.endswith(".js")
        kind = "text/javascript" if is_module else "text/html"
        body = MODULE.read_text() if is_module else "<!doctype html><p></p>"
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")

    context = browser.new_context()
    context.route(f"{PAGE}**", answer)
    opened = context.new_page()
    opened.goto(PAGE)
    yield opened
    context.close()


def linked(page: Page, text: str) -> list[list[str]]:
    """What is shown as a link and where it leads; everything between must be there as written."""
    pieces = page.evaluate(
        "async (text) => (await import('/links.js')).pieces(text)",
        text,
    )
    return [[piece["text"], piece["href"]] for piece in pieces if "href" in piece]


def same(address: str) -> list[list[str]]:
    return [[address, address]]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("no address. at all: 3.5 @ night", []),
        ("see https://shop.example/lamp.", same("https://shop.example/lamp")),
        ("(https://shop.example/a)", same("https://shop.example/a")),
        ("https://shop.example/lamp_(brass)", same("https://shop.example/lamp_(brass)")),
        ("(is it https://shop.example/lamp_(brass)?)", same("https://shop.example/lamp_(brass)")),
        ("«https://shop.example/a», dijo", same("https://shop.example/a")),
        ("¿https://shop.example/a?b=1&c=%20#d?", same("https://shop.example/a?b=1&c=%20#d")),
        ("HTTPS://Shop.Example/A!!!", [["HTTPS://Shop.Example/A", "https://shop.example/A"]]),
        ("看https://shop.example/灯。", [["https://shop.example/灯", "https://shop.example/%E7%81%AF"]]),
        ("http://shop.example:8080/", same("http://shop.example:8080/")),
        ("https://a.example/ https://b.example/", same("https://a.example/")
         + same("https://b.example/")),
        ('https://shop.example/"onmouseover="alert(1)', same("https://shop.example/")),
        ("<a href=https://shop.example/>x</a>", same("https://shop.example/")),
        ("javascript:alert(1) data:text/html,x vbscript:x", []),
        ("javascript://shop.example/%0aalert(1)", []),
        ("xhttps://shop.example/ ftp://shop.example/", []),
        ("https:// https://. http://?", []),
        ("https://bank.example@evil.test/", []),
        ("https://bank.example:secret@evil.test/", []),
        ("https://@evil.test/", []),
        ("https://bank.example%40evil.test/", []),
        ("https://bank.example\\@evil.test/", [["https://bank.example", "https://bank.example/"]]),
        ("https://ñandú.example/", [["https://ñandú.example/", "https://xn--and-6ma2c.example/"]]),
        ("https://аррӏе.example/", [["https://xn--80ak6aa92e.example/"] * 2]),
        ("https://ｅvil.test/", [["https://evil.test/"] * 2]),
        ("https://%65vil.test/", [["https://evil.test/"] * 2]),
        ("https://0x7f.1/", [["https://127.0.0.1/"] * 2]),
        ("https://shop.example/\u202egpj.exe", same("https://shop.example/")),
        ("https://shop\u200b.example", [["https://shop", "https://shop/"]]),
        ("https://[::1]:8000/a]", [["https://[::1]:8000/a", "https://[::1]:8000/a"]]),
        ("ana@shop.example.", [["ana@shop.example", "mailto:ana@shop.example"]]),
        ("<ana.b+c@shop.example>", [["ana.b+c@shop.example", "mailto:ana.b+c@shop.example"]]),
        ("correo:ana@shop.example", [["ana@shop.example", "mailto:ana@shop.example"]]),
        ("ana@shop.example@evil.test ana@shop ñana@shop.example", []),
        ("ftp://ana:b@shop.example", []),
        ("a" * 4000 + "@", []),
        ("https://x.example/" + "(" * 2000, [["https://x.example/" + "(" * 2000] * 2]),
    ],
)  # fmt: skip
def test_a_link_is_what_it_says(page: Page, text: str, links: list[list[str]]) -> None:
    assert linked(page, text) == links


def test_every_letter_stays_and_only_text_is_made(page: Page) -> None:
    text = "<img src=x onerror=alert(1)> https://shop.example/a, (ana@shop.example)\nשלום & end"
    made = page.evaluate(
        """async (text) => {
             const { link } = await import("/links.js");
             const place = document.querySelector("p");
             place.textContent = text;
             link(place);
             link(place); // twice is once
             const links = [...place.querySelectorAll("a")];
             return [place.textContent, place.querySelectorAll("*").length,
                     links.map((a) => [a.target, a.rel, a.dir, a.protocol])];
           }""",
        text,
    )
    rel = "noopener noreferrer nofollow"
    assert made == [
        text,
        2,
        [["_blank", rel, "ltr", "https:"], ["_blank", rel, "ltr", "mailto:"]],
    ]
