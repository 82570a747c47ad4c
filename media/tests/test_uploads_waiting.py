"""What is needed for a check may be away: the file waits, and that costs it no try."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.models import Project
from contactcenter.tests.stack import free_port
from media import checks, storing, uploads
from media.models import Upload
from media.tests import making
from media.tests.test_scanning import EICAR, ClamdServer, clamd
from media.tests.test_storing import use_folder
from media.tests.test_uploads import again, inspect

__all__ = ["clamd"]  # a fixture
pytestmark = pytest.mark.django_db


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


def test_without_a_process_to_check_it_waits(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No memory, no room, too many open files: nothing the file has done."""
    upload = making.upload(shop)
    with monkeypatch.context() as full:
        full.setattr(checks, "check", raising(OSError(errno.ENOSPC, "full")))
        for _try in range(5):
            assert inspect(upload.pk) is None
            Upload.objects.update(leased_until=None)
    assert again(upload).tries == 0
    assert inspect(upload.pk)
    assert again(upload).is_ready


def raising(problem: Exception) -> Callable[..., None]:
    def call(*_args: object, **_kwargs: object) -> None:
        raise problem

    return call
