"""How many frames a PNG or a WebP has, and that their parts fit into the file: without decoding."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from media.checks.job import Refused


def png_frames(file: BinaryIO) -> int:
    """1 for a still picture; Refused("damaged") when it ends before its end."""
    file.seek(8)
    frames = 0
    while len(header := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", header)
        if name == b"IEND":
            return max(frames, 1)
        frames += name == b"fcTL"
        file.seek(length + 4, 1)
    raise Refused("damaged", format="png")


def webp_frames(file: BinaryIO, length: int) -> tuple[int, tuple[int, int], int]:
    """How many, how large together on the canvas, and the pixels of all of them."""
    file.seek(4)
    end = 8 + struct.unpack("<I", file.read(4))[0]
    if end > length + 1:  # an odd last chunk may lack its padding
        raise Refused("damaged", format="webp")
    frames, canvas, drawn = 0, (0, 0), 0
    for name, data in _webp_chunks(file, end):
        if name == b"VP8X":
            canvas = _size(data[4:10])
        elif name == b"ANMF":
            size = _size(data[6:12])
            frames, drawn = frames + 1, drawn + size[0] * size[1]
        elif name in {b"VP8 ", b"VP8L"} and not frames:
            canvas = canvas if any(canvas) else _still_size(name, data)
    drawn = max(drawn, frames * canvas[0] * canvas[1])  # each is put together on the canvas
    return max(frames, 1), canvas, drawn or canvas[0] * canvas[1]


def webp_is_lossless(file: BinaryIO) -> bool:
    return b"VP8L" in file.read(4096)


def _webp_chunks(file: BinaryIO, end: int) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= end:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if at + 8 + length > end:
            raise Refused("damaged", format="webp")
        yield name, file.read(16)
        at += 8 + length + (length & 1)


def _size(data: bytes) -> tuple[int, int]:
    """Two numbers of three bytes, each one less than it means."""
    return int.from_bytes(data[:3], "little") + 1, int.from_bytes(data[3:6], "little") + 1


def _still_size(name: bytes, data: bytes) -> tuple[int, int]:
    if name == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[6:10])
    return width & 0x3FFF, height & 0x3FFF
