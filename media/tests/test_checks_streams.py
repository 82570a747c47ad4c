"""What the streams of a PDF unpack to is known without unpacking what is dangerous to unpack."""

import base64
import random
import zlib

import pikepdf
import pytest
from PIL import Image

from media.checks.pdf_streams import MOST_SLOW, Streams, from_letters_16, lzw_size
from media.tests.corpus.packing import packed_as_tiff


@pytest.mark.parametrize("side", [1, 9, 64, 300, 700])
@pytest.mark.parametrize("colours", [1, 3, 256])
def test_the_length_of_lzw_is_what_unpacking_it_gives(side: int, colours: int) -> None:
    noise = random.Random(side * colours)
    drawn = bytes(noise.randrange(colours) for _ in range(side * side))
    packed = packed_as_tiff(Image.frombytes("L", (side, side), drawn))
    with pikepdf.new() as paper:
        unpacked = pikepdf.Stream(paper, packed, Filter=pikepdf.Name.LZWDecode).read_bytes()
    assert bytes(unpacked) == drawn
    assert lzw_size(packed) == len(drawn)


@pytest.mark.parametrize("packed", [b"", b"\x80", b"\xff" * 50, bytes(50), b"\x80\x00\x3f\xff\xff"])
def test_damaged_lzw_is_what_unpacks_of_it(packed: bytes) -> None:
    assert lzw_size(packed) < 300


def test_digits_are_read_up_to_their_end_and_a_half_one_is_left_out() -> None:
    assert from_letters_16(b"48 65\n6c6C 6f7 > 00") == b"Hello"


def test_letters_in_letters_are_taken_off_before_it_is_measured() -> None:
    text = base64.a85encode(zlib.compress(bytes(5000)).hex().encode() + b">") + b"~>"
    filters = [pikepdf.Name.ASCII85Decode, pikepdf.Name.ASCIIHexDecode, pikepdf.Name.FlateDecode]
    streams = Streams()
    with pikepdf.new() as paper:
        streams.measure(pikepdf.Stream(paper, text, Filter=pikepdf.Array(filters)))
    assert streams.unpacked == 5000


def test_what_is_slow_to_measure_is_measured_up_to_a_limit() -> None:
    noise = random.Random(1).randbytes(MOST_SLOW)
    text = base64.a85encode(noise) + b"~>"
    filters = pikepdf.Array([pikepdf.Name.ASCII85Decode, pikepdf.Name.FlateDecode])
    streams = Streams()
    with pikepdf.new() as paper:
        for _ in range(2):
            streams.measure(pikepdf.Stream(paper, text, Filter=filters))
    assert streams.slow == MOST_SLOW


def test_codes_that_grow_late_are_followed_too() -> None:
    """As `EarlyChange 0` says: nine bits as long as every known code has room in them."""
    # Each letter after the first makes one code known, from 258 on.
    known = [258, *range(258, 258 + 600)]
    widths = [9, *(number.bit_length() for number in known)]
    codes = [256, *[65] * 600, 257]
    bits = "".join(f"{code:0{width}b}" for code, width in zip(codes, widths, strict=True))
    packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
    late = pikepdf.Dictionary(EarlyChange=0)
    with pikepdf.new() as paper:
        stream = pikepdf.Stream(paper, packed, Filter=pikepdf.Name.LZWDecode, DecodeParms=late)
        streams = Streams()
        streams.measure(stream)
        assert streams.unpacked == len(stream.read_bytes()) == 600
    assert lzw_size(packed, early=1) != 600
