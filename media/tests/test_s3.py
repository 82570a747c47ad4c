"""Files on S3: a server that speaks its language, over HTTP."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from agents.models import Project
from contactcenter.settings.files import storage as storage_of
from contactcenter.tests.stack import free_port
from media import serving, storing
from media.models import Blob
from media.storing import Away

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) * 1000
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=url, **KEYS).create_bucket(Bucket="uploads")
    yield url
    server.stop()


def use(settings: Any, endpoint: str) -> None:
    url = f"s3://key:secret@uploads/files?region=us-east-1&endpoint={endpoint}"
    settings.STORAGES = {**settings.STORAGES, "uploads": storage_of(url)}


@pytest.fixture
def blob(shop: Project, settings: Any, endpoint: str) -> Blob:
    use(settings, endpoint)
    return storing.keep(shop, io.BytesIO(BODY))


def test_what_is_kept_comes_back(blob: Blob, tmp_path: Path) -> None:
    storing.probe()
    storing.fetch(blob, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == BODY


def test_the_same_bytes_travel_once(blob: Blob, shop: Project, endpoint: str) -> None:
    client = boto3.client("s3", endpoint_url=endpoint, **KEYS)
    before = client.head_object(Bucket="uploads", Key=f"files/{blob.key}")["LastModified"]
    assert storing.keep(shop, io.BytesIO(BODY)) == blob
    after = client.head_object(Bucket="uploads", Key=f"files/{blob.key}")["LastModified"]
    assert before == after


def test_a_browser_fetches_a_part_of_it_from_there(blob: Blob, rf: object) -> None:
    served = serving.Served(blob, "video/mp4", "é ñ.mp4", is_inline=True)
    answer = serving.respond(rf.get("/"), served)
    assert answer.status_code == 302
    address = answer.headers["Location"]
    part = httpx.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, BODY[100:200])
    assert part.headers["Content-Type"] == "video/mp4"
    assert "inline" in part.headers["Content-Disposition"]
    assert "%C3%A9" in part.headers["Content-Disposition"]
    forged = address.replace(blob.sha256, "0" * 64)
    assert httpx.get(forged).status_code >= 400


def test_what_nothing_points_to_goes(blob: Blob, shop: Project, endpoint: str) -> None:
    Blob.objects.update(touched_at="2020-01-01T00:00Z")
    assert storing.remove_unused() == 1
    listed = boto3.client("s3", endpoint_url=endpoint, **KEYS).list_objects_v2(Bucket="uploads")
    assert blob.key not in str(listed)


def test_a_dead_s3_is_away_and_soon(shop: Project, settings: Any) -> None:
    use(settings, f"http://127.0.0.1:{free_port()}")
    for call in (lambda: storing.keep(shop, io.BytesIO(b"new")), storing.probe):
        began = time.monotonic()
        with pytest.raises(Away):
            call()
        assert time.monotonic() - began < 20
