"""Files that people send: where they lie, who scans them, how much of them one may send."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured

from contactcenter.settings.environment import VAR_DIR, words

MEGABYTE = 1024 * 1024
UPLOADS_DIR = VAR_DIR / "uploads"


def storage(url: str) -> dict[str, Any]:
    """file: (var/uploads), file:///folder, or s3://[key:secret@]bucket[/prefix]?region=&endpoint="""
    place = urlsplit(url)
    if place.scheme == "file":
        folder = place.path or UPLOADS_DIR
        return {"BACKEND": "media.folder.Folder", "OPTIONS": {"location": folder}}
    if place.scheme != "s3" or not place.hostname:
        raise ImproperlyConfigured("STORAGE_URL is file:, file:///folder or s3://bucket.")
    asked = {name: values[-1] for name, values in parse_qs(place.query).items()}
    options = {
        "bucket_name": place.hostname,
        "location": place.path.strip("/"),
        "region_name": asked.get("region"),
        "endpoint_url": asked.get("endpoint"),
        "access_key": unquote(place.username) if place.username else None,
        "secret_key": unquote(place.password) if place.password else None,
        "querystring_auth": True,
        "querystring_expire": FILE_LINK_SECONDS,
        "signature_version": "s3v4",
        "addressing_style": "path" if "endpoint" in asked else "auto",
        "file_overwrite": True,
        "default_acl": None,
        "max_memory_size": MEGABYTE,
        "client_config": Config(
            connect_timeout=3,
            read_timeout=10,
            retries={"max_attempts": 1},
            signature_version="s3v4",
            s3={"addressing_style": "path" if "endpoint" in asked else "auto"},
        ),
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def origin(url: str) -> str:
    """Where browsers are sent for what lies there; "" for a folder."""
    place = urlsplit(url)
    if place.scheme != "s3":
        return ""
    asked = parse_qs(place.query)
    if "endpoint" in asked:
        there = urlsplit(asked["endpoint"][-1])
        return f"{there.scheme}://{there.netloc}"
    region = asked.get("region", ["us-east-1"])[-1]
    host = "s3.amazonaws.com" if region == "us-east-1" else f"s3.{region}.amazonaws.com"
    return f"https://{place.hostname}.{host}"


# A link to a file, made for whoever asks, is good for so long (seconds).
FILE_LINK_SECONDS = int(os.environ.get("FILE_LINK_SECONDS", "3600"))
STORAGE_URL = os.environ.get("STORAGE_URL") or "file:"
UPLOADS = storage(STORAGE_URL)
# Where browsers fetch files that do not lie with us: pages may show what comes from there.
FILE_ORIGINS = words("FILE_ORIGINS", origin(STORAGE_URL))

# A virus scanner: clamd://host:3310 or unix:///path of clamd. Empty = none.
MEDIA_SCAN_URL = os.environ.get("MEDIA_SCAN_URL", "")

# Behind nginx: the internal location under which it has the folder of files (docs/files.md).
ACCEL_PREFIX = os.environ.get("ACCEL_PREFIX", "")

# What one customer may send in a day: bytes, and files.
QUOTA_VISITOR_BYTES = int(os.environ.get("QUOTA_VISITOR_MEGABYTES", "250")) * MEGABYTE
QUOTA_VISITOR_FILES = int(os.environ.get("QUOTA_VISITOR_FILES", "100"))
# Files that were never sent are discarded after so many hours.
UNSENT_FILES_HOURS = int(os.environ.get("UNSENT_FILES_HOURS", "24"))

# In memory only what is small; the rest beside where files lie.
FILE_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE
DATA_UPLOAD_MAX_NUMBER_FILES = 1
