"""The door files leave by: for whom a link was made, for a while, whole or in parts."""

import hashlib
import time
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from agents.models import Agent, Project
from contactcenter.testing import make_agent
from media import links
from media.models import Upload
from media.tests import making

pytestmark = pytest.mark.django_db
VISITOR = 7  # any identity's number


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent.user, backend="agents.backends.ModelBackend")
    return client


@pytest.fixture
def document(shop: Project) -> Upload:
    return making.ready(shop, kind="document", name="é ñ.pdf", body=making.pdf())


@pytest.fixture
def body(document: Upload) -> bytes:
    return making_body(document)


def making_body(upload: Upload) -> bytes:
    return b"".join(Client().get(links.to_visitor(upload, VISITOR)).streaming_content)


def test_what_comes_out_is_what_went_in(document: Upload, body: bytes) -> None:
    assert hashlib.sha256(body).hexdigest() == document.original.sha256


def test_a_document_is_saved_never_shown(document: Upload) -> None:
    answer = Client().get(links.to_visitor(document, VISITOR))
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%A9%20%C3%B1.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"].startswith("private")


def test_a_picture_may_be_shown_and_has_a_small_one(shop: Project) -> None:
    picture = making.ready(shop)
    whole = Client().get(links.to_visitor(picture, VISITOR))
    assert whole.headers["Content-Disposition"].startswith("inline")
    assert b"".join(whole.streaming_content).startswith(b"\x89PNG")
    small = Client().get(links.to_visitor(picture, VISITOR, links.SMALL))
    assert small.status_code == 200
    assert small.headers["Content-Type"] == picture.small_type


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-0", 206, 0, 0),
        ("bytes=10-19", 206, 10, 19),
        ("bytes=10-", 206, 10, -1),
        ("bytes=-5", 206, -5, -1),
        ("bytes=0-99999999", 206, 0, -1),
        ("bytes=-99999999", 206, 0, -1),
        ("bytes=5-4", 200, 0, -1),
        ("bytes=0-1,4-5", 200, 0, -1),
        ("items=0-1", 200, 0, -1),
        ("bytes=a-b", 200, 0, -1),
        ("bytes=-", 200, 0, -1),
    ],
)
def test_a_part_of_it(
    document: Upload, body: bytes, asked: str, status: int, first: int, last: int
) -> None:
    answer = Client().get(links.to_visitor(document, VISITOR), headers={"Range": asked})
    size = len(body)
    start, stop = first % size, last % size + 1
    assert answer.status_code == status
    assert b"".join(answer.streaming_content) == body[start:stop]
    assert answer.headers["Content-Length"] == str(stop - start)
    assert answer.headers["Accept-Ranges"] == "bytes"
    expected = f"bytes {start}-{stop - 1}/{size}" if status == HTTPStatus.PARTIAL_CONTENT else None
    assert answer.headers.get("Content-Range") == expected


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_that_is_not_there(document: Upload, asked: str) -> None:
    answer = Client().get(links.to_visitor(document, VISITOR), headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{document.size}"


def test_whoever_has_it_is_told_so(document: Upload) -> None:
    link = links.to_visitor(document, VISITOR)
    etag = Client().get(link).headers["ETag"]
    assert Client().get(link, headers={"If-None-Match": etag}).status_code == 304
    changed = {"Range": "bytes=0-1", "If-Range": '"another"'}
    assert Client().get(link, headers=changed).status_code == 200
    same = {"Range": "bytes=0-1", "If-Range": etag}
    assert Client().get(link, headers=same).status_code == 206
    head = Client().head(link)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(document.size))


def test_an_agents_link_works_for_that_agent_only(
    shop: Project, ana: Agent, bruno: Agent, mallory: Agent, document: Upload
) -> None:
    link = links.to_agent(document, ana.pk)
    statuses = [client.get(link).status_code for client in map(signed_in, (ana, bruno, mallory))]
    assert statuses == [200, 404, 404]
    assert Client().get(link).status_code == 404
    assert signed_in(mallory).get(links.to_agent(document, mallory.pk)).status_code == 404


def test_an_agent_who_may_not_answer_any_more_fetches_nothing(ana: Agent, document: Upload) -> None:
    link, client = links.to_agent(document, ana.pk), signed_in(ana)
    assert client.get(link).status_code == 200
    Agent.objects.filter(pk=ana.pk).update(is_agent=False)
    assert client.get(link).status_code == 404
    Agent.objects.filter(pk=ana.pk).update(is_agent=True, is_active=False)
    assert client.get(link).status_code == 404


def test_a_link_gets_old(document: Upload, settings: Any) -> None:
    settings.FILE_LINK_SECONDS = 1
    link = links.to_visitor(document, VISITOR)
    token = link.split("/")[2]
    assert links.read(token)
    clock = time.time
    try:
        time.time = lambda: clock() + 3
        assert Client().get(link).status_code == 410
    finally:
        time.time = clock


def test_a_link_nobody_signed_is_none(document: Upload) -> None:
    link = links.to_visitor(document, VISITOR)
    other = links.to_visitor(Upload(pk=uuid.uuid4(), project=document.project, name="x"), VISITOR)
    token, foreign = link.split("/")[2], other.split("/")[2]
    signature = token.rpartition(":")[2]
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        foreign.rpartition(":")[0] + ":" + signature,
        token.replace(".v7.", ".v8."),
        token.replace(".v7.", ".a7."),
        "nonsense",
        ":",
    ):
        assert Client().get(f"/files/{forged}/x.pdf").status_code == 404, forged
    assert Client().get(f"/files/{foreign}/x.pdf").status_code == 404
    assert Client().post(link).status_code == 405


def test_nothing_is_shown_before_it_was_checked(shop: Project) -> None:
    upload = making.upload(shop)
    assert Client().get(links.to_visitor(upload, VISITOR)).status_code == 404


def test_behind_nginx_only_its_place_is_said(document: Upload, settings: Any) -> None:
    settings.ACCEL_PREFIX = "/stored-files/"
    answer = Client().get(links.to_visitor(document, VISITOR), headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["X-Accel-Redirect"] == f"/stored-files/{document.original.key}"
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_supervisor_who_is_no_agent_has_no_link(shop: Project, document: Upload) -> None:
    olga = make_agent(shop, "Olga", is_agent=False, is_supervisor=True)
    assert signed_in(olga).get(links.to_agent(document, olga.pk)).status_code == 404
