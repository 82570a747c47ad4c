"""Films and sounds: what is measured of them, and what is only moved to another container."""

import io
from pathlib import Path
from typing import Any

import av
import pytest

from media.checks import Allowed, Verdict, check
from media.tests.corpus import films, sounds
from media.tests.corpus.case import WHATSAPP
from media.tests.corpus.filming import SECONDS, recorded, turned


def judged(data: bytes, rule: Allowed, folder: Path) -> Verdict:
    (folder / "sent").write_bytes(data)
    verdict = check(folder / "sent", "a", rule, folder)
    assert verdict.is_fine, verdict
    return verdict


def packets(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data)) as container:
        kinds = [s for s in container.streams if s.type in {"audio", "video"}]
        return sorted(bytes(packet) for packet in container.demux(kinds) if packet.size)


def only(verdict: Verdict, role: str) -> Any:
    (made,) = [made for made in verdict.made if made.role == role]
    return made


def test_a_film_held_upright_is_as_high_as_it_looks(tmp_path: Path) -> None:
    verdict = judged(turned(films.mp4()), WHATSAPP["video"], tmp_path)
    assert (verdict.width, verdict.height) == (120, 160)
    poster = only(verdict, "poster")
    assert (poster.width, poster.height) == (120, 160)
    assert {made.role for made in verdict.made} == {"poster"}  # the original is delivered


def test_the_poster_of_an_upright_film_is_upright(tmp_path: Path) -> None:
    from_right = judged(turned(films.mp4()), WHATSAPP["video"], tmp_path)
    with av.open(str(only(from_right, "poster").path)) as opened:
        (frame,) = list(opened.decode(video=0))[:1]
    red = frame.to_image().getpixel((110, 10))  # the red corner went from left to right
    assert red[0] > 150 > red[2]


def test_a_mov_becomes_an_mp4_without_being_encoded_again(tmp_path: Path) -> None:
    data = films.mov()
    verdict = judged(data, WHATSAPP["video"], tmp_path)
    moved = only(verdict, "shown").path.read_bytes()
    assert packets(moved) == packets(data)
    assert moved[4:12] == b"ftypisom"
    assert b"13.4" in data
    assert b"13.4" not in moved  # where it was filmed
    with av.open(io.BytesIO(moved)) as container:
        (frame, *_) = container.decode(video=0)
    assert frame.rotation % 360 == 270
    assert only(verdict, "shown").type == "video/mp4"


def test_a_voice_note_of_a_browser_becomes_an_ogg_of_the_same_sound(tmp_path: Path) -> None:
    data = recorded("webm", sounds=("libopus",), live="1")
    verdict = judged(data, WHATSAPP["audio"], tmp_path)
    moved = only(verdict, "shown")
    assert moved.type == "audio/ogg"
    assert packets(moved.path.read_bytes()) == packets(data)
    again = judged(moved.path.read_bytes(), WHATSAPP["audio"], tmp_path)
    assert again.seconds == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (films.mp4, "video"),
        (films.mov, "video"),
        (sounds.mp3, "audio"),
        (sounds.aac, "audio"),
        (sounds.m4a, "audio"),
        (sounds.amr, "audio"),
        (sounds.ogg, "audio"),
        (sounds.webm, "audio"),
    ],
)
def test_its_length_is_measured(make: Any, kind: str, tmp_path: Path) -> None:
    verdict = judged(make(), WHATSAPP[kind], tmp_path)
    assert verdict.seconds == pytest.approx(SECONDS, abs=0.15)


def test_longer_than_the_rule_is_too_long(tmp_path: Path) -> None:
    short = Allowed("audio", frozenset({"ogg"}), 1 << 20, most_seconds=1)
    (tmp_path / "sent").write_bytes(sounds.ogg())
    verdict = check(tmp_path / "sent", "a.ogg", short, tmp_path)
    assert (verdict.reason, verdict.figures["most"]) == ("too_long", 1)
    assert verdict.figures["seconds"] == pytest.approx(SECONDS, abs=0.1)


def test_the_lines_say_the_films_own_figures(tmp_path: Path) -> None:
    lines = {
        line.key: line.figure for line in judged(films.mp4(), WHATSAPP["video"], tmp_path).lines
    }
    assert lines["codec"]["codecs"] == ["h264", "aac"]
    assert lines["tracks"]["tracks"] == 1
    assert lines["size"] == {"bytes": len(films.mp4()), "most": 16 << 20}
    assert (lines["pixels"]["width"], lines["pixels"]["height"]) == (160, 120)
