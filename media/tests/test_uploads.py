"""From bytes to a verdict: each file ends ready or refused, whatever happens on the way (P-11)."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.db import IntegrityError, connection
from django.db.models.functions import Now

from agents.models import Project
from contactcenter.testing import at_once, make_project
from contactcenter.tests.stack import free_port
from media import checks, storing, uploads
from media.checks import Line, Verdict
from media.folder import Folder
from media.models import Upload
from media.tests import making
from media.tests.test_scanning import EICAR, ClamdServer, clamd
from media.tests.test_storing import use_folder
from media.uploads import NotTaken

__all__ = ["clamd"]  # a fixture
pytestmark = pytest.mark.django_db


def inspect(upload_id: uuid.UUID) -> Upload | None:
    """Check it, and keep the verdict; None when there is none, or it came too late."""
    upload = uploads.inspect(upload_id)
    return upload if upload and uploads.decide(upload) else None


def again(upload: Upload) -> Upload:
    upload.refresh_from_db()
    return upload


def test_a_picture_is_ready_and_what_is_delivered_is_not_what_was_sent(shop: Project) -> None:
    upload = making.ready(shop, body=making.png(comment="Taken at home"))
    assert (upload.type, upload.format, upload.width, upload.height) == ("image/png", "png", 40, 30)
    assert upload.shown
    assert upload.shown != upload.original
    assert upload.size == upload.shown.size
    assert upload.small
    assert upload.lines


def test_a_document_is_delivered_as_it_came(shop: Project) -> None:
    upload = making.ready(shop, kind="document", name="offer.pdf", body=making.pdf())
    assert (upload.shown, upload.pages, upload.is_inline) == (None, 1, False)
    assert upload.delivered == upload.original


def test_a_text_that_calls_itself_a_picture_is_refused(shop: Project) -> None:
    upload = making.upload(shop, body=b"Not a picture at all.\n")
    assert inspect(upload.pk) == upload
    assert again(upload).is_refused
    assert upload.reason == "wrong_type"
    assert upload.decided_at


@pytest.mark.parametrize("size", [0, 5 * 1024 * 1024 + 1])
def test_an_empty_file_and_one_too_big_are_not_taken(shop: Project, size: int) -> None:
    with pytest.raises(NotTaken) as refused:
        making.upload(shop, body=b"x" * size)
    assert refused.value.reason == ("too_big" if size else "empty")
    assert not shop.blobs.exists()


def test_what_is_decided_is_not_decided_again(shop: Project) -> None:
    assert inspect(making.ready(shop).pk) is None
    assert inspect(uuid.uuid4()) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_up_at_once_one_checks_it() -> None:
    upload = making.upload(make_project())
    found = at_once([lambda: inspect(upload.pk)] * 3)
    assert [one for one in found if one] == [upload]
    assert again(upload).tries == 1


def dying(*args: object, **kwargs: object) -> Verdict:
    return Verdict(False, "could_not_check", {"died": "memory"})


def test_what_ends_its_checker_three_times_is_refused(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = making.upload(shop)
    monkeypatch.setattr(checks, "check", dying)
    assert inspect(upload.pk) is None
    assert inspect(upload.pk) is None
    assert again(upload).is_checking
    assert inspect(upload.pk) == upload
    assert (again(upload).state, upload.reason) == ("refused", "could_not_check")


def test_what_takes_its_worker_along_three_times_is_refused(shop: Project) -> None:
    """Nobody was left to say anything: the leases ran out."""
    upload = making.upload(shop)
    for _worker in range(3):
        uploads._take(upload.pk)
        Upload.objects.update(leased_until=Now() - dt.timedelta(seconds=1))
    assert inspect(upload.pk)
    assert (again(upload).state, upload.reason) == ("refused", "could_not_check")


def test_a_leased_one_is_somebodys(shop: Project) -> None:
    upload = making.upload(shop)
    uploads._take(upload.pk)
    assert inspect(upload.pk) is None
    assert upload not in uploads.due()


def test_whoever_comes_too_late_decides_nothing(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that stood still past its lease: another has taken over."""
    upload = making.upload(shop)

    def slow(*args: object, **kwargs: object) -> Verdict:
        Upload.objects.filter(pk=upload.pk).update(tries=2)
        return Verdict(False, "damaged")

    monkeypatch.setattr(checks, "check", slow)
    assert inspect(upload.pk) is None
    assert again(upload).is_checking


def test_what_a_file_claims_fits_what_is_kept(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four billion pixels, NUL, and no number at all."""
    upload = making.upload(shop)
    said = {"format": "no\0name", "seconds": float("nan")}
    huge = {"width": 2**32 - 1, "height": 3, "seconds": float("inf"), "format": "x" * 90}
    verdict = Verdict(False, "damaged", said, lines=(Line("pixels", False, said),), **huge)
    monkeypatch.setattr(checks, "check", lambda *_args: verdict)
    assert inspect(upload.pk)
    assert (again(upload).width, upload.height, upload.seconds) == (None, 3, None)
    assert upload.figures == {"format": "noname", "seconds": None}


def test_the_rule_is_that_of_the_moment_it_came(shop: Project) -> None:
    upload = making.upload(shop)
    rule = shop.media_rule_sets.get(name="Web chat").rules.get(kind="image")
    rule.formats = ["gif"]
    rule.save()
    assert inspect(upload.pk)
    assert again(upload).is_ready


def test_with_a_virus_it_is_refused(shop: Project, clamd: ClamdServer) -> None:
    upload = making.upload(shop, kind="document", name="a.txt", body=b"Hello.\n" + EICAR)
    assert inspect(upload.pk)
    assert again(upload).reason in {"virus", "active"}
    assert making.ready(shop)


def test_without_the_scanner_it_waits_and_that_costs_no_try(shop: Project, settings: Any) -> None:
    settings.MEDIA_SCAN_URL = f"clamd://127.0.0.1:{free_port()}"
    upload = making.upload(shop)
    for _try in range(5):
        assert inspect(upload.pk) is None
        assert again(upload).is_checking
        assert upload not in uploads.due()  # not at once
        Upload.objects.update(leased_until=None)
    assert again(upload).tries == 0
    settings.MEDIA_SCAN_URL = ""
    assert inspect(upload.pk)
    assert again(upload).is_ready


def test_without_its_bytes_it_waits_a_little_and_is_refused(shop: Project) -> None:
    upload = making.upload(shop)
    storing.storage().delete(upload.original.key)
    for _try in range(2):
        assert inspect(upload.pk) is None
        assert upload not in uploads.due()
        Upload.objects.update(leased_until=None)
    assert inspect(upload.pk) == upload
    assert (again(upload).state, upload.reason) == ("refused", "could_not_check")


def test_bytes_that_came_back_are_checked(shop: Project) -> None:
    """Somebody sends the same again."""
    upload = making.upload(shop)
    storing.storage().delete(upload.original.key)
    assert inspect(upload.pk) is None
    making.upload(shop)
    Upload.objects.update(leased_until=None)
    assert inspect(upload.pk)
    assert again(upload).is_ready


def test_without_its_storage_it_waits(shop: Project, settings: Any, tmp_path: Path) -> None:
    upload = making.upload(shop)
    before = settings.STORAGES
    use_folder(settings, tmp_path / "file")
    (tmp_path / "file").write_text("in the way")
    for _try in range(5):
        assert inspect(upload.pk) is None
        Upload.objects.update(leased_until=None)
    assert again(upload).tries == 0
    settings.STORAGES = before
    assert inspect(upload.pk)
    assert again(upload).is_ready


def test_a_decision_without_a_reason_is_none(shop: Project) -> None:
    upload = making.upload(shop)
    with pytest.raises(IntegrityError):
        Upload.objects.filter(pk=upload.pk).update(state="refused", decided_at=Now())


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_bytes_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    held, project = [], make_project()
    save = Folder._save

    def watched(self: Folder, name: str, content: File) -> str:
        held.append(connection.connection)
        return save(self, name, content)

    monkeypatch.setattr(Folder, "_save", watched)
    making.upload(project, body=making.png("red"))
    assert held == [None]
