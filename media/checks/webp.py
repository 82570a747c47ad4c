"""WebP by its chunks: measured without decoding, and an animation drawn anew frame by frame."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from media.checks.job import Refused

CAN_MOVE, CAN_BE_SEEN_THROUGH = 0x02, 0x10  # flags of the whole picture
PIXELS = {b"ALPH", b"VP8 ", b"VP8L"}
Chunk = tuple[bytes, bytes]


@dataclass
class Frame:
    width: int
    height: int
    header: bytes  # where it stands, how large, how long: 16 bytes
    chunks: list[Chunk]


@dataclass
class WebP:
    width: int = 0
    height: int = 0
    timing: bytes = bytes(6)  # background and repetitions
    frames: list[Frame] = field(default_factory=list)  # of an animation; empty when it is still
    is_lossless: bool = False


def read(data: bytes) -> WebP:
    """Its parts; Refused("damaged") when they do not fit into the file."""
    end = 8 + struct.unpack("<I", data[4:8])[0]
    if end > len(data) + 1:  # the padding of an odd last chunk may be missing
        raise Refused("damaged", format="webp")
    picture, canvas = WebP(), (0, 0)
    for name, body in _chunks(data, 12, end):
        if name == b"VP8X":
            canvas = _size(body[4:10])
        elif name == b"ANIM":
            picture.timing = body[:6].ljust(6, b"\0")
        elif name == b"ANMF":
            inner = [each for each in _chunks(body, 16, len(body)) if each[0] in PIXELS]
            picture.frames.append(Frame(*_size(body[6:12]), body[:16], inner))
        elif name in PIXELS and name != b"ALPH":
            canvas = max(canvas, _still_size(name, body))
        picture.is_lossless |= b"VP8L" in (name, body[16:20])
    picture.width, picture.height = canvas
    return picture


def drawn_anew(picture: WebP) -> bytes:
    """An animation of the same pictures, one at a time in memory."""
    frames, is_clear = [], False
    for frame in picture.frames:
        chunks = _draw(frame)
        is_clear |= chunks[0][0] != b"VP8 "
        frames.append(_pack(b"ANMF", frame.header + b"".join(_pack(*each) for each in chunks)))
    flags = CAN_MOVE | (CAN_BE_SEEN_THROUGH if is_clear else 0)
    canvas = struct.pack("<I", flags) + _in_three(picture.width) + _in_three(picture.height)
    body = _pack(b"VP8X", canvas) + _pack(b"ANIM", picture.timing) + b"".join(frames)
    return _riff(body)


def _draw(frame: Frame) -> list[Chunk]:
    has_alpha = frame.chunks and frame.chunks[0][0] == b"ALPH"
    body = b"".join(_pack(*each) for each in frame.chunks)
    if has_alpha:
        size = _in_three(frame.width) + _in_three(frame.height)
        body = _pack(b"VP8X", struct.pack("<I", CAN_BE_SEEN_THROUGH) + size) + body
    is_lossless = not has_alpha and body[:4] == b"VP8L"
    with Image.open(io.BytesIO(_riff(body)), formats=("WEBP",)) as image:
        if image.size != (frame.width, frame.height):
            raise Refused("damaged", format="webp")
        image.load()
        image.info = {}
        written = io.BytesIO()
        quality = 20 if is_lossless else 85
        image.save(written, format="WEBP", method=1, quality=quality, lossless=is_lossless)
    data = written.getvalue()
    return [each for each in _chunks(data, 12, len(data)) if each[0] in PIXELS]


def _chunks(data: bytes, at: int, end: int) -> Iterator[Chunk]:
    while at + 8 <= end:
        name, length = struct.unpack("<4sI", data[at : at + 8])
        if at + 8 + length > min(end, len(data)):
            raise Refused("damaged", format="webp")
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)


def _pack(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def _riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _in_three(size: int) -> bytes:
    return (size - 1).to_bytes(3, "little")


def _size(data: bytes) -> tuple[int, int]:
    """Two numbers of three bytes, each one less than it means."""
    return int.from_bytes(data[:3], "little") + 1, int.from_bytes(data[3:6], "little") + 1


def _still_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if len(body) < 10:
        raise Refused("damaged", format="webp")
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF
