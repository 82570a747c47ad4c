"""Pictures as cameras, phones, scanners and drawing programs write them."""

import functools
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

from media.tests.corpus.case import written

pillow_heif.register_heif_opener()
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
ADAM7_LAST = (0, 1, 1, 2)
ORIENTATION, MAKER, GPS, LATITUDE = 0x0112, 0x010F, 0x8825, 2


@functools.cache
def photo(width: int = 320, height: int = 200) -> Image.Image:
    """Soft shapes and some noise; the left upper corner is red, so that turning can be seen."""
    noise = Image.effect_noise((width // 8 + 1, height // 8 + 1), 60).convert("RGB")
    image = noise.resize((width, height), Image.Resampling.BICUBIC)
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill=(220, 20, 20))
    return image


def told(orientation: int = 1) -> bytes:
    """What a phone adds: its make, where it was, how it was held."""
    exif = Image.Exif()
    exif[MAKER] = "Fairphone"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[LATITUDE] = (52.0, 31.0, 12.0)
    return exif.tobytes()


def picture(name: str, image: Image.Image | None = None, **settings: Any) -> bytes:
    return written(lambda file: (image or photo()).save(file, format=name, **settings))


def drawn(name: str, mode: str = "RGB", **settings: Any) -> Callable[[], bytes]:
    return lambda: picture(name, photo().convert(mode), **settings)


def see_through() -> Image.Image:
    image = photo().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def film(name: str, frames: int = 6, **settings: Any) -> bytes:
    pictures = [photo(96, 64).rotate(number * 7) for number in range(frames)]
    return picture(
        name, pictures[0], save_all=True, append_images=pictures[1:], duration=80, **settings
    )


def phone_pair() -> bytes:
    """Two pictures in one JPEG, as phones with a depth or brightness map write them."""
    return picture("MPO", photo(), save_all=True, append_images=[photo(96, 64)], exif=told())


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    width: int, height: int, *extra: bytes, bits: int = 8, colours: int = 2, is_woven: bool = False
) -> bytes:
    """A PNG of one colour, by hand: depths, weaving and sizes that Pillow does not write."""
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colours]
    pixel = b"\x80" * (bits // 8) * samples
    packer = zlib.compressobj(6)
    data = b""
    for across, down in _passes(width, height) if is_woven else [(width, height)]:
        row = b"\0" + pixel * across
        data += b"".join(packer.compress(row) for _ in range(down if across else 0))
    head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, is_woven)
    chunks = [chunk(b"IHDR", head), *extra, chunk(b"IDAT", data + packer.flush())]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")


def claims(data: bytes, at: int, shape: str, *size: int) -> bytes:
    """The same picture that says it is of another size (its checksum renewed, where it has one)."""
    said = data[:at] + struct.pack(shape, *size) + data[at + struct.calcsize(shape) :]
    if said[:4] != b"\x89PNG":
        return said
    return said[:29] + struct.pack(">I", zlib.crc32(said[12:29])) + said[33:]


def huge_jpeg() -> bytes:
    data = picture("JPEG")
    return claims(data, data.index(b"\xff\xc0") + 5, ">HH", 65_000, 65_000)


def _passes(width: int, height: int) -> list[tuple[int, int]]:
    return [
        (-(-(width - x) // across), -(-(height - y) // down))
        for x, y, across, down in (*ADAM7, ADAM7_LAST)
    ]


def gif_whose_second_frame_is_huge() -> bytes:
    good = film("GIF", 2)
    at = good.rfind(b"\x2c\0\0\0\0")  # the second frame says where it stands
    return good[: at + 5] + struct.pack("<HH", 60000, 60000) + good[at + 9 :]


def frames_without_pixels(number: int) -> bytes:
    """A GIF of so many frames that all look alike."""
    one = io.BytesIO(picture("GIF", Image.new("P", (2, 2)))).getvalue()
    at = one.index(b"\x2c")
    return one[:at] + one[at:-1] * number + b";"
