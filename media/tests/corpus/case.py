"""One file of the corpus, and what is expected of it."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from media.checks import Allowed

OFFICE = "pdf doc docx xls xlsx ppt pptx txt csv"
SOUNDS = ("mp3", "aac", "m4a", "amr", "ogg")
WHATSAPP = {
    "image": Allowed("image", frozenset({"jpeg", "png"}), 5 << 20),
    "video": Allowed("video", frozenset({"mp4", "3gp"}), 16 << 20),
    "document": Allowed("document", frozenset(OFFICE.split()), 100 << 20),
    "audio": Allowed(
        "audio", frozenset(["mp3", "aac", "m4a", "amr", "ogg"]), 16 << 20, is_mono=True
    ),
}
WEB = {
    "image": Allowed("image", frozenset(["jpeg", "png", "gif", "webp"]), 25 << 20),
    "video": Allowed("video", frozenset(["mp4", "3gp", "webm"]), 25 << 20),
    "document": Allowed("document", frozenset([*OFFICE.split(), "odt", "ods", "odp"]), 25 << 20),
    "audio": Allowed("audio", frozenset({*SOUNDS, "weba"}), 25 << 20),
}


@dataclass(frozen=True)
class Case:
    what: str  # said in the table
    name: str  # as it was sent
    rule: Allowed
    make: Callable[[], bytes]
    reason: str = ""  # expected; "" = it is taken
    converted: str = ""
    format: str = ""  # what it really is; "" = not asked

    def __str__(self) -> str:
        return self.what


def cut(make: Callable[[], bytes], part: float) -> Callable[[], bytes]:
    """The first part of it, as after a lost line."""

    def made() -> bytes:
        whole = make()
        return whole[: int(len(whole) * part)]

    return made


def joined(*makes: Callable[[], bytes]) -> Callable[[], bytes]:
    return lambda: b"".join(make() for make in makes)


def written(write: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()
