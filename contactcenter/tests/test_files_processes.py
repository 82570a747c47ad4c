"""Files and the running product: large ones, slow readers, and a worker that dies (P-11, P-16)."""

import contextlib
import http.client
import socket
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from contactcenter.embedded.waiting import becomes, wait_until
from contactcenter.testing import make_agent, make_project, ready, write
from contactcenter.tests.large_files import MEGABYTE, TEXT, Growth, bring, decided, desk, large
from contactcenter.tests.stack import START_SECONDS, Stack, is_complete
from conversations.models import Attachment, Conversation
from media import links
from media.models import Upload
from media.tests import making
from media.tests.test_scanning import ClamdServer, serving_clamd

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("committed")]
MOST_GROWTH = 40 * MEGABYTE


@pytest.fixture(scope="module")
def scanner() -> Iterator[ClamdServer]:
    with serving_clamd() as server:
        server.most = 200 * MEGABYTE
        yield server


@pytest.fixture(scope="module")
def own(
    stack: Stack,
    scanner: ClamdServer,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """A stack of these stories' own, which they may break and leave as they found it. The other
    one would find the files that wait here: both look into one database."""
    folder = tmp_path_factory.mktemp("files")
    wishes = {"REDIS_PREFIX": f"{settings.REDIS_PREFIX}-files", "MEDIA_SCAN_URL": scanner.url}
    alone = stack.asleep("beat", "files")
    with django_db_blocker.unblock(), alone, Stack(folder, **wishes) as running:
        yield running


@pytest.fixture
def held() -> Conversation:
    """Lucía's, served by Ana."""
    web = make_project().inboxes.get()
    ready(make_agent(web.project))
    return write(web).conversation


def test_a_hundred_megabytes_in_and_out_take_no_memory(
    own: Stack, held: Conversation, tmp_path: Path
) -> None:
    bring(own.url, held, "document", "small.txt", TEXT)  # what is only loaded once
    grown = Growth(own.processes["web1"].pid)
    with large(tmp_path).open("rb") as body:
        answer = bring(own.url, held, "document", "large.txt", body)
    assert answer.status_code == 201
    in_growth = grown()
    upload = decided(answer.json()["id"])
    assert upload.is_ready, upload.reason
    grown, received = Growth(own.processes["web1"].pid), 0
    with httpx.stream("GET", own.url + links.to_visitor(upload, 1), timeout=60) as out:
        for part in out.iter_bytes():
            received += len(part)
    print(f"\n99 MB: in +{in_growth / MEGABYTE:.0f} MB, out +{grown() / MEGABYTE:.0f} MB")
    assert received == upload.size
    assert max(in_growth, grown()) < MOST_GROWTH


def test_readers_who_read_nothing_hold_nothing(
    own: Stack, held: Conversation, tmp_path: Path
) -> None:
    with large(tmp_path, 60).open("rb") as body:
        upload = decided(bring(own.url, held, "document", "large.txt", body).json()["id"])
    path = links.to_visitor(upload, 1)
    grown = Growth(own.processes["web1"].pid)
    with contextlib.ExitStack() as lines:
        for _ in range(12):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", own.ports[0])))
            line.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
            assert line.recv(12) == b"HTTP/1.1 200"
        with desk(own.url, held) as browser:
            for _ in range(5):
                assert browser.get(f"/p/{held.project.slug}/").status_code == 200
        print(f"\n12 readers of 60 MB who read nothing: +{grown() / MEGABYTE:.0f} MB")
        assert grown() < MOST_GROWTH


def test_uploads_that_never_end_take_nobodys_place(own: Stack, held: Conversation) -> None:
    """More of them than there are connections to the database."""
    with contextlib.ExitStack() as lines:
        for _ in range(40):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", own.ports[0])))
            page = f"/p/{held.project.slug}/uploads/"
            line.sendall(
                f"POST {page} HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; "
                f"boundary=x\r\ncontent-length: {50 * MEGABYTE}\r\n\r\n--x\r\n".encode()
            )
            line.sendall(TEXT)
        with desk(own.url, held) as browser:
            for _ in range(5):
                assert browser.get(f"/p/{held.project.slug}/").status_code == 200


@pytest.mark.parametrize(
    ("page", "megabytes", "is_cut"),
    [
        ("/p/{slug}/uploads/", 90, False),
        ("/p/{slug}/uploads/", 102, True),
        ("/webchat/{key}/uploads/", 20, False),
        ("/webchat/{key}/uploads/", 27, True),
        ("/p/{slug}/messages/", 5, True),
        ("/webchat/{key}/", 5, True),
        ("/login/?next=/p/x/uploads/", 5, True),
    ],
)
def test_only_the_doors_of_files_take_large_bodies(
    own: Stack, held: Conversation, page: str, megabytes: int, is_cut: bool
) -> None:
    address = page.format(slug=held.project.slug, key=held.inbox.key)
    line = http.client.HTTPConnection("127.0.0.1", own.ports[0], timeout=60)
    line.putrequest("POST", address)
    line.putheader("Content-Length", str(megabytes * MEGABYTE))
    line.putheader("Content-Type", "application/octet-stream")
    line.endheaders()
    for _ in range(0 if is_cut else megabytes):  # what is too large is refused before it comes
        line.send(TEXT[:MEGABYTE])
    assert (line.getresponse().status == 413) == is_cut


def test_a_body_that_does_not_say_how_long_it_is_is_cut(own: Stack, held: Conversation) -> None:
    line = http.client.HTTPConnection("127.0.0.1", own.ports[0], timeout=60)
    line.putrequest("POST", f"/p/{held.project.slug}/messages/")
    line.putheader("Transfer-Encoding", "chunked")
    line.endheaders()
    with contextlib.suppress(OSError):
        for _ in range(8):
            line.send(b"%x\r\n%s\r\n" % (MEGABYTE, TEXT[:MEGABYTE]))
    assert line.getresponse().status == 413


def heavy() -> bytes:
    """A picture that takes a second or two to check."""
    return making.noise(3_500)


def test_a_worker_killed_in_the_middle_of_a_check(own: Stack, held: Conversation) -> None:
    """The file is taken up by the next one, and so is the one behind it."""
    rule = held.inbox.media_rules.rules.get(kind="image")
    rule.most_bytes = 90 * MEGABYTE
    rule.save()
    ids = [
        bring(own.url, held, "image", f"{number}.png", heavy()).json()["id"] for number in range(2)
    ]
    leased = Upload.objects.filter(pk__in=ids, tries=1, leased_until__isnull=False)
    worker, checks = own.processes["files"], list[psutil.Process]()

    def is_checking() -> bool:
        checks[:] = checks_of(worker)
        return leased.exists() and bool(checks)

    wait_until(is_checking, 60)
    for process in [*psutil.Process(worker.pid).children(), psutil.Process(worker.pid)]:
        process.kill()
    worker.wait()
    wait_until(lambda: not any(map(words_of, checks)), 10)
    assert Upload.objects.filter(pk__in=ids, state=Upload.State.CHECKING).exists()
    own.start_files()
    uploads = [decided(upload_id) for upload_id in ids]
    assert [upload.reason for upload in uploads] == ["", ""]
    assert max(upload.tries for upload in uploads) == 2
    wait_until(lambda: is_complete(own.url), START_SECONDS)


def checks_of(worker: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """What decodes files for this worker just now."""
    mine = psutil.Process(worker.pid).children(recursive=True)
    return [process for process in mine if "media.checks" in words_of(process)]


def words_of(process: psutil.Process) -> str:
    """What it was started with; nothing where it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def test_without_its_worker_files_wait_and_say_so(own: Stack, held: Conversation) -> None:
    worker = own.processes["files"]
    for process in [*psutil.Process(worker.pid).children(), psutil.Process(worker.pid)]:
        process.kill()
    worker.wait()
    answer = bring(own.url, held, "image", "lamp.png", making.png())
    assert answer.status_code == 201
    wait_until(lambda: missing(own) == ["files"], 15)
    with desk(own.url, held) as browser:
        page = f"/p/{held.project.slug}/c/{held.pk}/messages/"
        sent = browser.post(page, data={"id": str(uuid.uuid4()), "text": "The rest goes on"})
        assert sent.status_code == 200
    assert Attachment.objects.get(upload=answer.json()["id"]).upload.is_checking
    own.start_files()
    assert decided(answer.json()["id"]).is_ready
    assert becomes(lambda: missing(own) == [], 30)


def test_without_the_scanner_nothing_is_ready_and_everything_else_goes_on(
    own: Stack, scanner: ClamdServer, held: Conversation
) -> None:
    scanner.is_mute = True
    wait_until(lambda: missing(own) == ["scanner"], 20)
    upload_id = bring(own.url, held, "image", "lamp.png", making.png()).json()["id"]
    put_off = Upload.objects.filter(pk=upload_id, state="checking", tries=0)
    wait_until(lambda: put_off.filter(leased_until__isnull=False).exists(), 60)
    scanner.is_mute = False
    assert decided(upload_id).is_ready
    assert becomes(lambda: missing(own) == [], 20)


def missing(stack: Stack) -> list[str]:
    return list(httpx.get(f"{stack.url}/readyz").json()["missing"])
