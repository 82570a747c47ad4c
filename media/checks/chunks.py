"""PNG by its chunks: what Pillow does not tell, without decoding."""

import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from media.checks.job import Refused

PACKED = {b"zTXt", b"iTXt", b"iCCP"}
MOST_TEXT = 1 << 20  # bytes of one text or profile


@dataclass
class Png:
    bits: int  # of one colour
    frames: int  # 1 for a still picture


def read(file: BinaryIO) -> Png:
    """Refused("damaged") where a checksum is wrong or the end is missing: Pillow is generous."""
    file.seek(8)
    png, moving = Png(8, 1), 0
    while len(header := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", header)
        body = file.read(length)
        if file.read(4) != zlib.crc32(name + body).to_bytes(4, "big"):
            break
        if name == b"IEND":
            return png
        if name == b"IHDR" and length == 13:
            png.bits = body[8]
        if name in PACKED and _unpacked(name, body) > MOST_TEXT:
            raise Refused("archive_too_big", most=MOST_TEXT)
        moving += name == b"fcTL"
        png.frames = max(1, moving)
    raise Refused("damaged", format="png")


def _unpacked(name: bytes, body: bytes) -> int:
    """Bytes of a packed text or profile, as far as they are counted."""
    packed = body.partition(b"\0")[2][1:]
    if name == b"iTXt":
        packed = packed[1:].split(b"\0", 2)[-1]
    try:
        return len(zlib.decompressobj().decompress(packed, MOST_TEXT + 1))
    except zlib.error:
        return 0  # not packed, or nothing Pillow would unpack
