"""The box of characteristics says what the check asks, because both read one row."""

from pathlib import Path

import pytest
from django.utils import translation

from media.checks import Allowed, Line, Made, Verdict, box, check, formats, reasons
from media.tests.corpus import drawing, every_case
from media.tests.corpus.case import WEB, WHATSAPP

TOO_BIG = {"bytes": 6 << 20, "most": 5 << 20}
HUGE = {"width": 50_000, "height": 1_000}
HEVC = "It is encoded as H.265 (HEVC) + AAC, which cannot be played everywhere."


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def said(allowed: Allowed) -> dict[str, str]:
    return {line.key: line.text.replace("\xa0", " ") for line in box.lines(allowed)}


def test_the_box_of_an_image_is_the_manuals() -> None:
    lines = said(WHATSAPP["image"])
    assert lines["format"] == "JPG or PNG"
    assert lines["colours"] == "8-bit RGB or RGBA"
    assert lines["size"] == "Up to 5 MB"


def test_the_box_of_a_film_is_the_manuals() -> None:
    lines = said(WHATSAPP["video"])
    assert lines["format"] == "MP4 or 3GP"
    assert lines["codec"] == "H.264 + AAC"
    assert lines["tracks"] == "One audio track or none"
    assert lines["size"] == "Up to 16 MB"


def test_the_box_of_a_document_is_the_manuals() -> None:
    lines = said(WHATSAPP["document"])
    assert lines["format"] == "PDF, Word, Excel, PowerPoint, text or CSV"
    assert lines["size"] == "Up to 100 MB"


def test_the_box_of_a_sound_is_the_manuals() -> None:
    lines = said(WHATSAPP["audio"])
    assert lines["format"] == "MP3, AAC, M4A, AMR or OGG (Opus)"
    assert lines["channels"] == "OGG in mono"
    assert lines["size"] == "Up to 16 MB"


def test_the_web_chat_asks_for_what_it_takes() -> None:
    assert said(WEB["image"])["format"] == "JPG, PNG, WebP or GIF"
    assert "WebM" in said(WEB["video"])["codec"]
    assert "channels" not in said(WEB["audio"])


def test_another_limit_is_another_line_and_another_verdict(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(data := drawing.picture("PNG"))
    tight = Allowed("image", frozenset({"png"}), len(data) - 1)
    verdict = check(tmp_path / "sent", "a.png", tight, tmp_path)
    (size,) = [line for line in box.ticked(tight, verdict.lines) if line.key == "size"]
    assert verdict.reason == "too_big"
    assert size.is_met is False
    assert size.figure


def test_each_line_gets_a_tick_or_a_cross_with_the_files_own_figure() -> None:
    found = [Line("format", True, {"format": "png"}), Line("size", False, {"bytes": 6 << 20})]
    lines = {line.key: line for line in box.ticked(WHATSAPP["image"], found)}
    assert (lines["format"].is_met, lines["format"].figure) == (True, "PNG")
    assert (lines["size"].is_met, lines["size"].figure) == (False, "6\xa0MB")
    assert lines["colours"].is_met is None  # it was not looked at


def test_what_the_box_does_not_mention_is_added_when_it_is_not_met() -> None:
    found = [Line("readable", False), Line("frames", True, {"frames": 3, "most": 300})]
    lines = {line.key: line for line in box.ticked(WHATSAPP["image"], found)}
    assert lines["readable"].is_met is False
    assert "frames" not in lines


@pytest.mark.parametrize(
    ("reason", "figures", "sentence"),
    [
        ("too_big", TOO_BIG, "The file has 6 MB; at most 5 MB can be sent."),
        ("wrong_type", {"format": "exe"}, "This is a program, which cannot be sent here."),
        ("wrong_type", {"format": "mkv"}, "This is MKV, which cannot be sent here."),
        ("too_many_pixels", HUGE, "The picture is too large: 50 megapixels."),
        ("wrong_codec", {"codecs": ["hevc", "aac"]}, HEVC),
        ("never heard of", {}, "It could not be checked."),
        ("", {}, ""),
    ],
)  # fmt: skip
def test_a_reason_is_a_sentence(reason: str, figures: dict, sentence: str) -> None:
    assert reasons.sentence(reason, figures).replace("\xa0", " ") == sentence


def test_every_reason_and_conversion_of_the_corpus_is_known() -> None:
    cases = every_case()
    assert {case.reason for case in cases if case.reason} <= set(reasons.REASONS)
    assert {case.converted for case in cases if case.converted} <= set(reasons.CONVERSIONS)
    assert set(formats.CONVERSIONS.values()) <= set(reasons.CONVERSIONS)


def test_a_verdict_and_a_rule_travel_as_json() -> None:
    rule = WHATSAPP["audio"]
    assert Allowed.from_json(rule.as_json()) == rule
    made = (Made("thumbnail", Path("/x"), "image/png", 3, 4),)
    verdict = Verdict(True, lines=(Line("size", True, {"bytes": 3}),), made=made)
    assert Verdict.from_json(verdict.as_json()) == verdict


@pytest.mark.parametrize(
    ("name", "key", "fitting"),
    [
        ("cv.pdf", "pdf", "cv.pdf"),
        ("cv.jpg", "pdf", "cv.pdf"),
        ("v1.2", "docx", "v1.2.docx"),
        ("PHOTO.JPEG", "jpeg", "PHOTO.JPEG"),
        ("photo.heic", "jpeg", "photo.jpg"),
        ("cv", "txt", "cv.txt"),
        (".pdf", "pdf", ".pdf.pdf"),
    ],
)
def test_a_name_ends_as_what_it_is(name: str, key: str, fitting: str) -> None:
    assert formats.fitting_name(name, key) == fitting


def test_a_file_picker_offers_what_can_be_converted() -> None:
    assert "heic" in formats.accepted(WHATSAPP["image"].formats)
    assert "mov" in formats.accepted(WHATSAPP["video"].formats)
    assert "mov" not in formats.accepted(WHATSAPP["image"].formats)
