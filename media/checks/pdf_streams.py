"""What the streams of a PDF unpack to: a page of nothing may be gigabytes in whoever shows it."""

import zlib
from typing import Any

import pikepdf

from media.checks.archives import BLOCK, MOST_RATIO, MOST_UNPACKED, SMALL
from media.checks.job import Refused

DEFLATED = {"/FlateDecode", "/Fl"}


class Streams:
    """Measured one after the other, until so much was unpacked that CPU time would run out; what is
    large and unpacks far beyond its size is a bomb, alone or together with the others."""

    def __init__(self) -> None:
        self.packed = self.unpacked = 0

    def measure(self, stream: Any) -> None:
        if self.unpacked > MOST_UNPACKED or not is_deflated(stream.get("/Filter")):
            return
        packed = bytes(stream.read_raw_bytes())
        size = unpacked_size(packed)
        self.packed += len(packed)
        self.unpacked += size
        for large, small in ((size, len(packed)), (self.unpacked, self.packed)):
            if large > SMALL and large > small * MOST_RATIO:
                raise Refused("archive_too_big", bytes=large, most=MOST_UNPACKED)


def is_deflated(filters: Any) -> bool:
    if isinstance(filters, pikepdf.Array):
        return any(str(name) in DEFLATED for name in list(filters)[:1])
    return str(filters) in DEFLATED


def unpacked_size(packed: bytes) -> int:
    """Bytes, as far as they are counted; a damaged stream is what unpacks of it."""
    opened, size = zlib.decompressobj(), 0
    left = packed
    try:
        while left and not opened.eof and size <= MOST_UNPACKED:
            size += len(opened.decompress(left, BLOCK))
            left = opened.unconsumed_tail
    except zlib.error:
        pass
    return size
