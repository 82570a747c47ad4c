"""Static files: of one version, kept for good, asked for in one go, and nothing else leaves."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from channels.testing import HttpCommunicator
from django.templatetags.static import static
from django.test import override_settings
from playwright.sync_api import Browser, Page

from contactcenter import static_files
from contactcenter.asgi import application
from contactcenter.static_files import FOR_GOOD
from contactcenter.static_graph import imports, needed_by
from contactcenter.testing import make_agent, make_project
from contactcenter.tests.browsers import Chat, Desk
from contactcenter.tests.stack import Stack

OURS = Path(__file__).parents[1] / "static"
DESK = "js/console/desk.js"


async def asked(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """What the web process' application answers."""
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    lines.append((b"host", b"localhost"))
    answer = await HttpCommunicator(application, method, path, b"", lines).get_response(10)
    answer["headers"] = {name.decode(): value.decode() for name, value in answer["headers"]}
    return answer


async def test_a_file_of_this_version_is_kept_for_good() -> None:
    plain = await asked(static(DESK))
    assert plain["status"] == 200
    assert plain["body"] == (OURS / DESK).read_bytes()
    assert plain["headers"]["cache-control"] == FOR_GOOD
    assert plain["headers"]["content-type"] == "text/javascript; charset=utf-8"
    assert plain["headers"]["x-content-type-options"] == "nosniff"


async def test_it_goes_out_packed_to_whoever_takes_that() -> None:
    packed = await asked(static(DESK), accept_encoding="gzip, deflate, br")
    assert packed["headers"]["content-encoding"] == "gzip"
    assert packed["headers"]["vary"] == "accept-encoding"
    assert int(packed["headers"]["content-length"]) == len(packed["body"])
    assert gzip.decompress(packed["body"]) == (OURS / DESK).read_bytes()


@pytest.mark.parametrize("place", ["/static/", "/static/0123456789ab/"])
async def test_at_another_address_it_is_asked_about_each_time(place: str) -> None:
    """While versions change, a page of the one process may ask the other."""
    first = await asked(place + DESK)
    assert first["headers"]["cache-control"] == "public, no-cache"
    assert first["body"] == (OURS / DESK).read_bytes()
    again = await asked(place + DESK, if_none_match=first["headers"]["etag"])
    assert (again["status"], again["body"]) == (304, b"")
    other = await asked(place + DESK, if_none_match='W/"0123456789abcdef"')
    assert other["status"] == 200


async def test_a_head_has_no_body_and_nothing_is_taken() -> None:
    head = await asked(static(DESK), "HEAD")
    assert (head["status"], head["body"]) == (200, b"")
    assert int(head["headers"]["content-length"]) == (OURS / DESK).stat().st_size
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        assert (await asked(static(DESK), method))["status"] == 405


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "../settings/environment.py",
        "../../manage.py",
        "css/../../settings/environment.py",
        "css/..\\..\\settings\\environment.py",
        "//etc/passwd",
        "/etc/passwd",
        "css/tokens.css\0.py",
        "css/tokens.css/",
        "css/",
        "css",
        "",
        "\ud800",
    ],
)
async def test_no_name_leads_out(name: str, debug: bool) -> None:
    """Names are looked up, never joined to a folder; what is none is a page that is none."""
    with override_settings(DEBUG=debug):
        for place in ("/static/", "/static/0123456789ab/", f"/static/{static_files.version()}/"):
            assert static_files.StaticFiles(application).asked_for(place + name)[0] is None


async def test_a_name_there_is_not_gets_the_product_s_own_page() -> None:
    missing = await asked("/static/js/nothing.js")
    assert missing["status"] == 404
    assert "default-src 'none'" in missing["headers"]["Content-Security-Policy"]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "a.css").write_text("a {}")
    return tmp_path


def version_now() -> str:
    """As a process that starts now has it."""
    kept = static_files.files
    try:
        static_files.files = kept.__wrapped__
        return static_files.version.__wrapped__()
    finally:
        static_files.files = kept


def test_every_byte_and_every_name_counts_in_the_version(folder: Path) -> None:
    before = version_now()
    assert version_now() == before
    (folder / "a.css").write_text("a {;}")
    changed = version_now()
    (folder / "a.css").rename(folder / "b.css")
    assert len({before, changed, version_now()}) == 3


def test_with_debug_a_file_is_what_it_is_now(folder: Path, settings: Any) -> None:
    settings.DEBUG = True
    assert static("a.css") == "/static/a.css"
    (folder / "a.css").write_text("a { color: red }")
    file = static_files.find("a.css")
    assert file and file.body == b"a { color: red }"


@pytest.mark.parametrize("path", sorted(OURS.rglob("*.js")), ids=lambda path: path.name)
def test_every_import_of_a_script_is_known(path: Path) -> None:
    """Whatever looks like a neighbour's address is one, and nothing is imported later."""
    text, name = path.read_text(), path.relative_to(OURS).as_posix()
    addresses = re.findall(r"""["'`](\.\.?/[^"'`]+)["'`]""", text)
    assert [(path.parent / address).resolve() for address in addresses] == [
        OURS.resolve() / piece for piece in imports(name)
    ]
    assert "import(" not in text


@pytest.mark.parametrize("path", sorted(OURS.rglob("*.css")), ids=lambda path: path.name)
def test_every_import_of_a_sheet_is_known(path: Path) -> None:
    assert path.read_text().count("@import") == len(imports(path.relative_to(OURS).as_posix()))


def loaded(page: Page) -> dict[str, int]:
    """Every script and sheet of the page: the bytes that came over the line for it."""
    page.wait_for_load_state()
    found: dict[str, int] = page.evaluate(
        "Object.fromEntries(performance.getEntriesByType('resource')"
        ".filter((e) => /[.](js|css)$/.test(e.name))"
        ".map((e) => [new URL(e.name).pathname, e.transferSize]))"
    )
    return found


@pytest.mark.journey
@pytest.mark.usefixtures("committed")
def test_a_page_names_all_it_needs_and_its_second_visit_fetches_nothing(
    stack: Stack, browser: Browser
) -> None:
    """Nothing is first learnt of from a script or a sheet that has come."""
    shop = make_project()
    # Not lent ones: these have seen nothing of us yet.
    new = [browser.new_context() for _ in range(2)]
    desk = Desk(new[0], stack.url, make_agent(shop, "Ana")).sign_in()
    chat = Chat(new[1], stack.url, shop.inboxes.get())
    for page, entry in ((desk.page, "js/console/main.js"), (chat.page, "js/webchat/chat-panel.js")):
        named = page.evaluate(
            "[...document.querySelectorAll('link, script')]"
            ".map((e) => new URL(e.href ?? e.src, location).pathname)"
        )
        first = loaded(page)
        assert set(first) == {name for name in named if name.endswith((".js", ".css"))}
        assert {static(name) for name in [entry, *needed_by(entry), "css/base/reset.css"]} <= set(
            first
        )
        assert all(first.values())
        page.reload()
        again = loaded(page)
        assert set(again) == set(first)
        assert sum(again.values()) == 0
    assert desk.complaints == chat.complaints == []
    for context in new:
        context.close()
