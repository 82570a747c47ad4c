"""What the streams of a PDF unpack to: a page of nothing may be gigabytes in whoever shows it."""

import base64
import binascii
import itertools
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf

from media.checks.archives import BLOCK, MOST_RATIO, MOST_UNPACKED, SMALL
from media.checks.job import Refused

# Looked at one by one, of a whole file: what is written in letters, or packed as long ago.
MOST_SLOW = 4 << 20
DEFLATED, LZW = {"/FlateDecode", "/Fl"}, {"/LZWDecode", "/LZW"}
CLEAR, END = 256, 257  # LZW: begin a new table; it is over
WIDEST = 12  # bits


class Streams:
    """Measured one after the other, until so much was unpacked that CPU time would run out; what is
    large and unpacks far beyond its size is a bomb, alone or together with the others."""

    def __init__(self) -> None:
        self.packed = self.unpacked = self.slow = 0

    def measure(self, stream: Any) -> None:
        names = filters_of(stream)
        letters = list(itertools.takewhile(LETTERS.__contains__, names))
        packer = (*names[len(letters) :], "")[0]
        if packer not in DEFLATED | LZW or self.unpacked > MOST_UNPACKED:
            return
        packed = body = bytes(stream.read_raw_bytes())
        if letters or packer in LZW:
            packed = body = packed[: MOST_SLOW - self.slow]
            self.slow += len(packed)
        for name in letters:
            body = LETTERS[name](body)
        is_old = packer in LZW
        self._add(len(packed), lzw_size(body, early(stream)) if is_old else deflated_size(body))

    def _add(self, packed: int, unpacked: int) -> None:
        self.packed += packed
        self.unpacked += unpacked
        for large, small in ((unpacked, packed), (self.unpacked, self.packed)):
            if large > SMALL and large > small * MOST_RATIO:
                raise Refused("archive_too_big", bytes=large, most=MOST_UNPACKED)


def filters_of(stream: Any) -> list[str]:
    """By name, in the order in which they are taken off."""
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return [str(name) for name in filters]
    return [] if filters is None else [str(filters)]


def deflated_size(packed: bytes) -> int:
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


def early(stream: Any) -> int:
    """Whether codes grow one sooner than they must; they do where nothing is said."""
    said = stream.get("/DecodeParms")
    for each in said if isinstance(said, pikepdf.Array) else [said]:
        if isinstance(each, pikepdf.Dictionary) and each.get("/EarlyChange") == 0:
            return 0
    return 1


def lzw_size(packed: bytes, early: int = 1) -> int:
    """As `deflated_size`, of LZW with codes of 9 to 12 bits: only their lengths are followed."""
    lengths = [1] * (END + 1)
    size = held = bits = before = 0
    width = 9
    for byte in packed:
        held, bits = held << 8 | byte, bits + 8
        if bits < width:
            continue
        bits -= width
        code, held = held >> bits, held & ((1 << bits) - 1)
        if code == CLEAR:
            del lengths[END + 1 :]
            before, width = 0, 9
            continue
        if code == END or code > len(lengths) or size > MOST_UNPACKED:
            break
        length = lengths[code] if code < len(lengths) else before + 1
        size += length
        if before and len(lengths) < 1 << WIDEST:
            lengths.append(before + 1)
            width = min(WIDEST, (len(lengths) + early).bit_length())
        before = length
    return size


def from_letters_85(text: bytes) -> bytes:
    """What was written in 85 letters; nothing where that is not so."""
    try:
        return base64.a85decode(text.split(b"~>")[0], ignorechars=b" \t\n\r\v\f\0")
    except ValueError:
        return b""


def from_letters_16(text: bytes) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", text.split(b">")[0])
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])


LETTERS: dict[str, Callable[[bytes], bytes]] = {
    "/ASCII85Decode": from_letters_85,
    "/A85": from_letters_85,
    "/ASCIIHexDecode": from_letters_16,
    "/AHx": from_letters_16,
}
