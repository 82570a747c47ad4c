"""Why a file was refused, and what was changed in one that was taken, as a person reads it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from media.checks.box import codecs_in_words, format_in_words
from media.checks.sizes import in_words

REASONS: dict[str, Promise | str] = {
    "empty": gettext_lazy("The file is empty."),
    "too_big": gettext_lazy("The file has %(bytes)s; at most %(most)s can be sent."),
    "wrong_type": gettext_lazy("This is %(format)s, which cannot be sent here."),
    "damaged": gettext_lazy("The file is damaged or incomplete and cannot be opened."),
    "too_many_pixels": gettext_lazy("The picture is too large: %(pixels)s megapixels."),
    "too_many_frames": gettext_lazy("It has %(frames)s pictures; at most %(most)s are possible."),
    "wrong_codec": gettext_lazy("It is encoded as %(codecs)s, which cannot be played everywhere."),
    "too_many_tracks": gettext_lazy("It has more than one track of pictures or sound."),
    "not_mono": gettext_lazy("It has %(channels)s channels; only mono can be sent."),
    "too_long": gettext_lazy("It is %(seconds)s seconds long; at most %(most)s are possible."),
    "encrypted": gettext_lazy("It is protected with a password, so it cannot be checked."),
    "macros": gettext_lazy("It contains macros. Save it without macros and send it again."),
    "active": gettext_lazy("It contains something that starts by itself."),
    "virus": gettext_lazy("It contains a virus."),
    "two_in_one": gettext_lazy("It is two kinds of file at once."),
    "archive_too_big": gettext_lazy("It unpacks to far more than it should."),
    "took_too_long": gettext_lazy("Checking it took too long."),
    "could_not_check": gettext_lazy("It could not be checked."),
}

CONVERSIONS: dict[str, Promise | str] = {
    "heic_to_jpeg": gettext_lazy("Converted from HEIC to JPG."),
    "mov_to_mp4": gettext_lazy("Converted from MOV to MP4."),
    "webm_to_ogg": gettext_lazy("Converted from WebM to OGG."),
    "png_to_jpeg": gettext_lazy("Converted from PNG to JPG, so that it is small enough."),
    "cmyk_to_rgb": gettext_lazy("Its printing colours (CMYK) were converted to RGB."),
    "bits_to_8": gettext_lazy("Its colours were converted from 16 to 8 bits."),
    "animation_to_still": gettext_lazy(
        "It does not move any more: only its first picture is sent."
    ),
    "rotated": gettext_lazy("It was turned upright."),
}


def sentence(reason: str, figures: Mapping[str, Any]) -> str:
    """In the language that is active; "" for no reason."""
    if not reason:
        return ""
    words = REASONS.get(reason, REASONS["could_not_check"])
    return str(words) % _Said(figures)


def conversion(code: str) -> str:
    """What was changed in it, in the language that is active; "" for nothing."""
    return str(CONVERSIONS[code]) if code in CONVERSIONS else ""


class _Said(dict[str, str]):
    """A reason's figures in words; one that is missing is a dash and no error."""

    def __init__(self, figures: Mapping[str, Any]) -> None:
        super().__init__({key: str(value) for key, value in figures.items()})
        for key in {"bytes", "most"} & figures.keys():
            if "bytes" in figures:
                self[key] = in_words(figures[key])
        if "format" in figures:
            self["format"] = format_in_words(str(figures["format"]))
        if "codecs" in figures:
            self["codecs"] = codecs_in_words(figures["codecs"])
        if "width" in figures:
            self["pixels"] = str(round(figures["width"] * figures["height"] / 1e6))
        elif "pixels" in figures:
            self["pixels"] = str(round(figures["pixels"] / 1e6))
        if "seconds" in figures:
            self["seconds"] = str(round(figures["seconds"]))

    def __missing__(self, key: str) -> str:
        return "–" if key != "format" else gettext("an unknown kind of file")
