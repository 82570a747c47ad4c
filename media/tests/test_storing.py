"""Bytes of files: once a project, and there as long as anything points to them."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.db.models.functions import Now

from agents.models import Project
from contactcenter.testing import at_once, make_project
from media import storing
from media.models import Blob, Upload
from media.storing import Away

pytestmark = pytest.mark.django_db
OLD = Now() - dt.timedelta(hours=2)


def keep(project: Project, body: bytes = b"same bytes") -> Blob:
    return storing.keep(project, io.BytesIO(body))


def path_of(blob: Blob) -> Path:
    return Path(storages["uploads"].path(blob.key))


def use(blob: Blob) -> Upload:
    return Upload.objects.create(
        project=blob.project, kind="image", name="a.png", size=1, allowed={}, original=blob
    )


def grow_old() -> None:
    Blob.objects.update(touched_at=OLD)


def test_the_same_bytes_are_stored_once_a_project(shop: Project) -> None:
    other = make_project()
    assert keep(shop) == keep(shop)
    assert keep(other) != keep(shop)
    assert Blob.objects.filter(project=shop).count() == 1
    assert path_of(keep(shop)).read_bytes() == b"same bytes"


def test_what_nothing_points_to_goes_after_a_while(shop: Project) -> None:
    used, unused = keep(shop, b"used"), keep(shop, b"unused")
    use(used)
    assert storing.remove_unused() == 0  # somebody may be about to point to it
    grow_old()
    assert storing.remove_unused() == 1
    assert (path_of(used).exists(), path_of(unused).exists()) == (True, False)
    assert list(Blob.objects.filter(project=shop)) == [used]


def test_one_of_two_uploads_of_the_same_bytes_is_discarded(shop: Project) -> None:
    first, second = use(keep(shop)), use(keep(shop))
    first.delete()
    grow_old()
    assert storing.remove_unused() == 0
    second.delete()
    assert storing.remove_unused() == 1


def test_bytes_that_were_removed_are_stored_again(shop: Project) -> None:
    keep(shop)
    grow_old()
    storing.remove_unused()
    assert path_of(keep(shop)).read_bytes() == b"same bytes"


def test_a_write_that_was_cut_short_is_done_again(shop: Project) -> None:
    blob = keep(shop)
    path_of(blob).write_bytes(b"same")
    Blob.objects.filter(pk=blob.pk).update(stored_at=None)
    assert path_of(keep(shop)).read_bytes() == b"same bytes"


@pytest.mark.django_db(transaction=True)
def test_two_who_store_the_same_at_once_share_it() -> None:
    project = make_project()
    blobs = at_once([lambda: keep(project, b"x" * 300_000)] * 6)
    assert len(set(blobs)) == 1
    assert path_of(blobs[0]).stat().st_size == 300_000


@pytest.mark.django_db(transaction=True)
def test_whoever_stores_them_while_they_are_removed_has_them() -> None:
    project = make_project()
    for _round in range(20):
        keep(project)
        grow_old()

        def keep_and_use() -> Upload:
            return use(keep(project))

        upload, _count = sorted(at_once([keep_and_use, storing.remove_unused]), key=str)[::-1]
        upload = upload if isinstance(upload, Upload) else _count
        assert path_of(upload.original).read_bytes() == b"same bytes"
        assert storing.remove_unused() == 0
        upload.delete()


def test_a_folder_that_cannot_be_written_is_away(
    shop: Project, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    use_folder(settings, tmp_path / "file")
    for call in (lambda: keep(shop), storing.probe):
        with pytest.raises(Away):
            call()
    assert Blob.objects.get(project=shop).stored_at is None


def test_a_full_disk_is_away(
    shop: Project, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_folder(settings, tmp_path)
    storing.probe()
    monkeypatch.setattr(storing, "LEAST_ROOM", 2**60)
    with pytest.raises(Away):
        storing.probe()


def use_folder(settings: Any, folder: Path) -> None:
    own = {"BACKEND": "media.folder.Folder", "OPTIONS": {"location": folder}}
    settings.STORAGES = {**settings.STORAGES, "uploads": own}


def test_an_address_that_is_none_is_said_at_the_start() -> None:
    assert settings.UPLOADS["BACKEND"] == "media.folder.Folder"
