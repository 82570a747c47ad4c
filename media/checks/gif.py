"""GIF by its blocks: read without decoding, and written anew frame by frame from the pixels.

Pillow would hold all frames of an animation at once and choose new colours for each; so it is
given one frame at a time, and the colours stay as they were drawn.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from media.checks.job import Refused

GREY = bytes(value for value in range(256) for _ in range(3))


@dataclass
class Frame:
    x: int
    y: int
    width: int
    height: int
    flags: int
    palette: bytes
    control: bytes  # of the animation: four bytes, or nothing
    pixels: bytes  # compressed, as they stand in the file


@dataclass
class Gif:
    width: int
    height: int
    palette: bytes
    loops: int | None = None
    frames: list[Frame] = field(default_factory=list)


def read(data: bytes) -> Gif:
    """Its frames; Refused("damaged") when it ends in the middle of one."""
    try:
        return _Reader(data).gif()
    except (IndexError, struct.error) as short:
        raise Refused("damaged", format="gif") from short


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 6

    def take(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise IndexError
        self.at += size
        return taken

    def palette(self, flags: int) -> bytes:
        return self.take(3 << (flags & 7) + 1) if flags & 0x80 else b""

    def blocks(self) -> bytes:
        start = self.at
        while size := self.take(1)[0]:
            self.take(size)
        return self.data[start : self.at]

    def gif(self) -> Gif:
        width, height, flags = struct.unpack("<HHBxx", self.take(7))
        gif, control = Gif(width, height, self.palette(flags)), b""
        while self.at < len(self.data) and (kind := self.take(1)) != b";":
            if kind == b",":
                gif.frames.append(self.frame(control))
                control = b""
            elif kind == b"!":
                control = self.extension(gif) or control
            elif kind != b"\0":  # some writers leave one too many
                raise IndexError
        return gif

    def frame(self, control: bytes) -> Frame:
        x, y, width, height, flags = struct.unpack("<HHHHB", self.take(9))
        palette, start = self.palette(flags), self.at
        self.take(1)
        self.blocks()
        return Frame(x, y, width, height, flags, palette, control, self.data[start : self.at])

    def extension(self, gif: Gif) -> bytes:
        label, blocks = self.take(1), self.blocks()
        if label == b"\xff" and blocks[1:12] == b"NETSCAPE2.0" and len(blocks) >= 17:
            gif.loops = struct.unpack("<H", blocks[14:16])[0]
        return blocks[1:5] if label == b"\xf9" and len(blocks) >= 6 else b""


def drawn_anew(gif: Gif) -> Iterator[bytes]:
    """The parts of a new file: nothing of the old one but its pixels, colours and timing."""
    width, height = size(gif)
    yield b"GIF89a" + struct.pack("<HH", width, height) + _colours(gif.palette, 0x70) + b"\0\0"
    yield gif.palette
    if gif.loops is not None:
        yield b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", gif.loops) + b"\0"
    for frame in gif.frames:
        if frame.control:
            yield b"!\xf9\x04" + frame.control + b"\0"
        yield b"," + struct.pack("<HHHH", frame.x, frame.y, frame.width, frame.height)
        palette = frame.palette if frame.palette or gif.palette else GREY
        yield _colours(palette, 0) if palette else b"\0"
        yield palette
        yield _pixels(frame)
    yield b";"


def size(gif: Gif) -> tuple[int, int]:
    """Wide and high enough for every frame: some stand outside what the file says."""
    frames = gif.frames
    return (
        max([gif.width, *(frame.x + frame.width for frame in frames)]),
        max([gif.height, *(frame.y + frame.height for frame in frames)]),
    )


def _colours(palette: bytes, flags: int) -> bytes:
    bits = (len(palette) // 3).bit_length() - 2 if palette else 0
    return bytes([flags | (0x80 | bits if palette else 0)])


def _pixels(frame: Frame) -> bytes:
    """Decoded and encoded again, as numbers of colours."""
    small = struct.pack("<HHBxx", frame.width, frame.height, 0xF7) + GREY
    place = b"," + struct.pack("<HHHHB", 0, 0, frame.width, frame.height, frame.flags & 0x40)
    source = io.BytesIO(b"GIF89a" + small + place + frame.pixels + b";")
    with Image.open(source, formats=("GIF",)) as image:
        image.load()
        plain = Image.frombytes("L", image.size, image.tobytes())
    written = io.BytesIO()
    plain.save(written, format="GIF", optimize=False, interlace=0)
    return read(written.getvalue()).frames[0].pixels
