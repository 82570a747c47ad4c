"""What fragments say about a file, in the reader's language."""

from django import template

from media import refusals
from media.checks import Line, box, reasons
from media.models import MediaRule, Upload

register = template.Library()


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
    return box.ticked(upload.rule, [Line(**line) for line in upload.lines])


@register.filter
def accept(rule: MediaRule) -> str:
    """What a file picker offers."""
    return ",".join(rule.endings)
