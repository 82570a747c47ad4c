"""What a file may be called."""

import unicodedata

from media.models.upload import MOST_NAME

MOST_EXTENSION = 16


def clean(name: str) -> str:
    """The last part of a path, without what cannot be seen or turns the direction of writing; at
    most 120 characters, the extension kept. Never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(" " if c.isspace() else c for c in last if c.isspace() or _is_seen(c))
    stem, dot, extension = " ".join(seen.split()).strip(". ").rpartition(".")
    if not dot or len(extension) > MOST_EXTENSION:
        stem, dot, extension = stem + dot + extension, "", ""
    kept = stem[: MOST_NAME - len(dot + extension)].rstrip()
    return kept + dot + extension or "file"


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"
