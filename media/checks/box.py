"""The box of characteristics: what a file must be, from the very rule that `check` is given.

The box and the ticks come from one place, so they cannot say different things.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext, gettext_lazy, ngettext

from media.checks.formats import FORMATS
from media.checks.picture_limits import MOST_FRAMES, MOST_PIXELS
from media.checks.sizes import in_words
from media.checks.verdict import Allowed, Line

# Names that are words; all others are the same in every language.
WORDS: dict[str, Promise] = {
    "text": gettext_lazy("text"),
    "unknown": gettext_lazy("an unknown kind of file"),
    "zip": gettext_lazy("an archive (ZIP)"),
    "exe": gettext_lazy("a program"),
    "html": gettext_lazy("a web page (HTML)"),
}
COLOURS: dict[str, Promise] = {
    "1": gettext_lazy("black and white"),
    "L": gettext_lazy("grey"),
    "LA": gettext_lazy("grey"),
    "I;16": gettext_lazy("grey"),
    "P": gettext_lazy("palette"),
}
CODECS = {
    "h264": "H.264", "hevc": "H.265 (HEVC)", "aac": "AAC", "opus": "Opus", "vorbis": "Vorbis",
    "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "mp3": "MP3", "mpeg4": "MPEG-4", "prores": "ProRes",
}  # fmt: skip


@dataclass(frozen=True)
class BoxLine:
    """One characteristic; without a file `is_met` is None and `figure` is empty."""

    key: str
    text: str
    is_met: bool | None = None
    figure: str = ""


def lines(allowed: Allowed) -> list[BoxLine]:
    """What is asked for, before a file was chosen, in the language that is active."""
    asked = [("format", _formats(allowed)), *_of_the_kind(allowed)]
    asked.append(("size", gettext("Up to %(most)s") % {"most": in_words(allowed.most_bytes)}))
    if allowed.most_seconds is not None:
        seconds = allowed.most_seconds
        text = ngettext("Up to %(count)s second", "Up to %(count)s seconds", seconds)
        asked.append(("duration", text % {"count": seconds}))
    return [BoxLine(key, text) for key, text in asked]


def ticked(allowed: Allowed, found: Iterable[Line]) -> list[BoxLine]:
    """The same lines with a tick or a cross and the file's own figure; what the box does not
    mention (it could not be read, say) is added only where it is not met."""
    by_key = {line.key: line for line in found}
    asked = lines(allowed)
    told = [
        BoxLine(line.key, line.text, by_key[line.key].is_met, _figure(by_key[line.key]))
        if line.key in by_key
        else line
        for line in asked
    ]
    known = {line.key for line in asked}
    more = [line for line in by_key.values() if line.key not in known and not line.is_met]
    return told + [BoxLine(line.key, _unmet(line.key), False, _figure(line)) for line in more]


def _of_the_kind(allowed: Allowed) -> Sequence[tuple[str, str]]:
    if allowed.kind == "image":
        return [
            ("colours", gettext("8-bit RGB or RGBA")),
            ("pixels", gettext("Up to %(most)s megapixels") % {"most": MOST_PIXELS // 10**6}),
        ]
    if allowed.kind == "video":
        return [
            ("codec", _codecs(allowed)),
            ("tracks", gettext("One audio track or none")),
        ]
    if allowed.kind == "document":
        return [("content", gettext("No password, no macros, nothing that starts by itself"))]
    return [("channels", gettext("OGG in mono"))] if _is_mono(allowed) else []


def _is_mono(allowed: Allowed) -> bool:
    return allowed.is_mono and "ogg" in allowed.formats


def _formats(allowed: Allowed) -> str:
    known = [key for key in FORMATS if key in allowed.formats]
    labels = list(dict.fromkeys(_label(key, allowed) for key in known))
    return get_text_list(labels, gettext("or"))


def _label(key: str, allowed: Allowed) -> str:
    label = FORMATS[key].label
    return "OGG (Opus)" if key == "ogg" else str(WORDS.get(label, label))


def _codecs(allowed: Allowed) -> str:
    """H.264 with AAC; for WebM its own."""
    has_old = bool({"mp4", "3gp"} & allowed.formats)
    sets = ["H.264 + AAC"] if has_old else []
    if "webm" in allowed.formats:
        sets.append(gettext("VP8 or VP9 + Opus (WebM)"))
    return "; ".join(sets)


def _unmet(key: str) -> str:
    return {
        "pixels": gettext("Not too many pixels"),
        "frames": gettext("Up to %(most)s pictures in an animation") % {"most": MOST_FRAMES},
        "codec": gettext("A way of encoding that can be played everywhere"),
        "tracks": gettext("One track"),
    }.get(key, gettext("Can be opened"))


def _figure(line: Line) -> str:
    """The file's own figure, in words."""
    said: Mapping[str, Any] = line.figure
    if line.key == "size":
        return in_words(said.get("bytes", 0))
    if line.key == "format":
        return format_in_words(str(said.get("format", "")))
    if line.key == "pixels":
        return f"{said['width']} × {said['height']}"
    if line.key == "codec":
        return codecs_in_words(said.get("codecs", []))
    if line.key == "colours":
        colours = COLOURS.get(said["mode"], said["mode"])
        return gettext("%(bits)s-bit %(colours)s") % {"bits": said["bits"], "colours": colours}
    plain = {"tracks": "tracks", "channels": "channels", "frames": "frames"}
    if line.key == "duration":
        return f"{round(said['seconds'])} s"
    return str(said.get(plain.get(line.key, ""), ""))


def format_in_words(key: str) -> str:
    """ "PDF", "a program": what to call it; unknown ones by their short name."""
    if key in FORMATS:
        label = FORMATS[key].label
        return str(WORDS.get(label, label))
    return str(WORDS.get(key, key.upper())) if key else str(WORDS["unknown"])


def codecs_in_words(codecs: Sequence[str]) -> str:
    return " + ".join(CODECS.get(codec, codec) for codec in codecs) or "–"
