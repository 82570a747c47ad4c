"""What fragments say about a file, in the reader's language."""

from collections.abc import Mapping
from dataclasses import replace

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from media import refusals
from media.checks import Line, box, formats, reasons
from media.checks.sizes import in_words
from media.models import FileKind, MediaRule, Upload

register = template.Library()
MOST_LABELS = 3

# What each line of the box is about.
HEADINGS: dict[str, Promise] = {
    "format": _("Format"),
    "size": _("Size"),
    "colours": _("Colours"),
    "pixels": _("Dimensions"),
    "frames": _("Animation"),
    "codec": _("Encoding"),
    "tracks": _("Sound"),
    "channels": _("Sound"),
    "duration": _("Length"),
    "content": _("Content"),
}


@register.filter
def why(upload: Upload) -> str:
    """The sentence of its refusal."""
    return refusals.sentence(upload.reason, upload.figures)


@register.filter
def made(upload: Upload) -> str:
    """What was made of it, in a sentence."""
    return reasons.conversion(upload.converted)


@register.filter
def label(upload: Upload) -> str:
    """PDF, Word, JPG …"""
    return box.format_in_words(upload.format)


@register.filter
def box_lines(upload: Upload) -> list[box.BoxLine]:
    """The characteristics its box listed, each met or not, with its own figure."""
    lines = box.ticked(upload.rule, [Line(**line) for line in upload.lines])
    if not upload.is_ready:
        return lines
    # What is asked of other formats only has no figure of this one.
    return [line if line.figure else replace(line, is_met=True) for line in lines]


@register.filter
def kind_icon(kind: str) -> str:
    return FileKind(kind).icon


@register.filter
def of_kind(rules: Mapping[str, MediaRule], kind: str) -> MediaRule | None:
    """What is asked of such files; None where they are not taken."""
    return rules.get(kind)


@register.filter
def in_short(rule: MediaRule) -> str:
    """JPG, PNG, WebP…: what the menu has room for."""
    known = [key for key in formats.FORMATS if key in rule.formats]
    labels = list(dict.fromkeys(map(box.format_in_words, known)))
    return ", ".join(labels[:MOST_LABELS]) + ("…" if len(labels) > MOST_LABELS else "")


@register.filter
def heading(line: box.BoxLine) -> str:
    """What a line of the box is about."""
    return str(HEADINGS.get(line.key, _("File")))


@register.filter
def about(upload: Upload) -> str:
    """JPG · 1600 × 1100 · 812 KB; what is not known (yet) is left out."""
    sides = f"{upload.width} × {upload.height}" if upload.width and upload.height else ""
    pages = ngettext("%(n)s page", "%(n)s pages", upload.pages) if upload.pages else ""
    parts = [
        label(upload) if upload.format else "",
        sides,
        clock(upload.seconds),
        pages % {"n": upload.pages},
        in_words(upload.size),
    ]
    return " · ".join(part for part in parts if part)


@register.filter
def size(number: int) -> str:
    return in_words(number)


@register.filter
def clock(seconds: float | None) -> str:
    """0:23; "" where there is none."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}" if seconds else ""


@register.filter
def mark(upload: Upload) -> str:
    """PDF, DOCX: what stands on the sheet of paper."""
    return formats.extension(upload.delivered_name).upper()[:4]
