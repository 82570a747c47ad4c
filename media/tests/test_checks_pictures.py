"""A picture is drawn anew: upright, in everybody's colours, small enough, without a past."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from media.checks import Allowed, Verdict, check
from media.tests.corpus import drawing
from media.tests.corpus.case import WEB, WHATSAPP
from media.tests.corpus.drawing import ORIENTATION, film, photo, picture, png


def shown(data: bytes, folder: Path, rule: Allowed = WEB["image"]) -> tuple[Image.Image, Verdict]:
    """What is delivered of it, and the verdict."""
    (folder / "sent").write_bytes(data)
    verdict = check(folder / "sent", "a", rule, folder)
    assert verdict.is_fine, verdict
    image = Image.open(io.BytesIO((folder / "shown").read_bytes()))
    image.load()
    return image, verdict


def differs(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of their pixels, of 255."""
    stat = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB")))
    return max(stat.mean)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_it_is_upright_however_the_camera_was_held(
    name: str, orientation: int, tmp_path: Path
) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = photo().transpose(turns[orientation]) if orientation > 1 else photo()
    data = picture(name, held, exif=drawing.told(orientation), quality=95)

    image, verdict = shown(data, tmp_path)

    assert (verdict.width, verdict.height) == image.size == photo().size
    assert differs(image, photo()) < 4
    assert verdict.converted == ("rotated" if orientation > 1 else "")
    assert not image.getexif()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_is_upright_too(orientation: int, tmp_path: Path) -> None:
    data = picture("HEIF", photo(), exif=drawing.told(orientation), quality=90)
    expected = Image.open(io.BytesIO(data)).convert("RGB")  # its own decoder turns it
    image, verdict = shown(data, tmp_path)
    assert verdict.converted == "heic_to_jpeg"
    assert image.size == expected.size
    assert differs(image, expected) < 6


def test_a_jpeg_loses_next_to_nothing(tmp_path: Path) -> None:
    data = picture("JPEG", photo(), quality=80)
    image, _ = shown(data, tmp_path)
    assert differs(image, Image.open(io.BytesIO(data))) < 1
    assert abs((tmp_path / "shown").stat().st_size - len(data)) < len(data) / 10


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "1"])
def test_a_png_loses_nothing(mode: str, tmp_path: Path) -> None:
    before = drawing.see_through().convert(mode) if mode in {"LA"} else photo().convert(mode)
    image, _ = shown(picture("PNG", before), tmp_path)
    assert image.mode in {"RGB", "RGBA"}
    assert differs(image, before) == 0
    if mode == "LA":
        assert (
            ImageChops.difference(image.getchannel("A"), before.getchannel("A")).getbbox() is None
        )


def test_sixteen_bits_become_eight_of_the_same_grey(tmp_path: Path) -> None:
    steep = Image.frombytes("I;16", (256, 1), b"".join(bytes([7, n]) for n in range(256)))
    image, _ = shown(picture("PNG", steep), tmp_path)
    assert [image.getpixel((n, 0))[0] for n in (0, 100, 255)] == [0, 100, 255]
    image, _ = shown(png(4, 4, bits=16), tmp_path)
    assert image.getpixel((0, 0)) == (128, 128, 128)


def test_printing_colours_look_alike_afterwards(tmp_path: Path) -> None:
    image, verdict = shown(picture("JPEG", photo().convert("CMYK"), quality=95), tmp_path)
    assert (image.mode, verdict.converted) == ("RGB", "cmyk_to_rgb")
    assert differs(image, photo()) < 12


def test_colours_of_a_profile_are_everybodys_afterwards(tmp_path: Path) -> None:
    """A profile in which red means blue: what the eye saw is what is delivered, without it."""
    names = drawing.profile().replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ")
    image, _ = shown(
        picture("JPEG", photo(), icc_profile=names.replace(b"----", b"bXYZ"), quality=95), tmp_path
    )
    assert "icc_profile" not in image.info
    red, _, blue = image.getpixel((10, 10))
    assert blue > 150 > red


@pytest.mark.parametrize("name", ["GIF", "WEBP"])
def test_an_animation_still_moves(name: str, tmp_path: Path) -> None:
    data = film(name, 6, loop=3)
    image, _ = shown(data, tmp_path)
    before = Image.open(io.BytesIO(data))
    assert (image.n_frames, image.info["loop"]) == (before.n_frames, before.info["loop"]) == (6, 3)
    for number in range(6):
        image.seek(number)
        before.seek(number)
        assert differs(image, before) < (1 if name == "GIF" else 6)
        assert image.info["duration"] == before.info["duration"] == 80


def test_frames_that_only_change_a_corner_stay_in_their_corner(tmp_path: Path) -> None:
    """Parts that are drawn over each other, with clear pixels, in palettes of their own."""
    frames = [photo(96, 64).copy() for _ in range(3)]
    frames[1].paste((1, 2, 250), (60, 40, 80, 60))
    frames[2].paste((250, 250, 2), (5, 30, 15, 50))
    data = picture("GIF", frames[0], save_all=True, append_images=frames[1:], duration=[50, 70, 90])
    image, _ = shown(data, tmp_path)
    before = Image.open(io.BytesIO(data))
    for number in range(3):
        image.seek(number)
        before.seek(number)
        assert differs(image, before) == 0


def test_a_png_that_grows_beyond_the_limit_becomes_a_jpeg(tmp_path: Path) -> None:
    coloured = Image.merge("RGB", [Image.effect_noise((700, 500), 90) for _ in range(3)])
    data = picture("PNG", coloured.quantize(256, dither=Image.Dither.NONE))
    rule = Allowed("image", frozenset({"jpeg", "png"}), len(data) + 1000)
    _, verdict = shown(data, tmp_path, rule)
    assert verdict.converted in {"", "png_to_jpeg"}
    assert (tmp_path / "shown").stat().st_size <= rule.most_bytes


def test_the_thumbnail_is_small_and_upright(tmp_path: Path) -> None:
    data = picture("JPEG", photo(1600, 1000), exif=drawing.told(6))
    _, verdict = shown(data, tmp_path)
    (small,) = [made for made in verdict.made if made.role == "thumbnail"]
    assert (small.width, small.height) == (300, 480) == Image.open(small.path).size
    assert ORIENTATION not in Image.open(small.path).getexif()


def test_whatsapp_gets_no_more_than_it_takes(tmp_path: Path) -> None:
    """HEIC is packed better than JPEG: what is made of it still has to fit."""
    noise = Image.merge("RGB", [Image.effect_noise((900, 700), 60) for _ in range(3)])
    data = picture("HEIF", noise, quality=70)
    rule = Allowed("image", WHATSAPP["image"].formats, len(data) + 10_000)
    shown(data, tmp_path, rule)
    assert (tmp_path / "shown").stat().st_size <= rule.most_bytes
