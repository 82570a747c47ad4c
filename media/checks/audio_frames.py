"""Where sound frames begin and whether the last one is whole: MP3, AAC in ADTS, AMR.

FFmpeg plays what is left of a cut file without a word; a person would like to know.
"""

from collections.abc import Callable
from typing import BinaryIO

# kbit/s by version (1, 2 and 2.5) and layer III
RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
AMR_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
AMR_WB_SIZES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1)
MOST_JUNK = 32 << 10  # bytes before the first frame that players skip


def after_id3(head: bytes) -> int:
    """Bytes of an ID3v2 tag at the start (its size is written in four times seven bits)."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return size + 10 + (10 if head[5] & 0x10 else 0)


def mp3_length(header: bytes) -> int:
    """Bytes of the layer III frame that begins here; 0 where none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in {0, 15} or hertz == 3:
        return 0
    bits = RATES[3 if version == 3 else 2][rate] * 1000
    factor = 144 if version == 3 else 72
    return factor * bits // HERTZ[version][hertz] + (header[2] >> 1 & 1)


def adts_length(header: bytes) -> int:
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0


def find(file: BinaryIO, head: bytes, *, has_junk: bool) -> tuple[str, int] | None:
    """("mp3" or "aac", where its first frame begins); None where there are no frames.

    Behind a tag, or where the name promises sound, what stands before them may be passed over.
    """
    tag = after_id3(head)
    file.seek(tag)
    data = file.read(len(head))
    for at in range(min(len(data), MOST_JUNK if tag or has_junk else 1)):
        if data[at] == 0xFF:
            if _follow(data, at, mp3_length):
                return "mp3", tag + at
            if _follow(data, at, adts_length):
                return "aac", tag + at
    return None


def _follow(data: bytes, at: int, length_of: Callable[[bytes], int]) -> bool:
    """Whether three frames stand one after the other from `at`, or two and the end."""
    for number in range(3):
        length = length_of(data[at : at + 8])
        if not length:
            return number == 2 and at + 8 > len(data)
        at += length
    return True


def ends_whole(data: bytes, start: int, format_key: str) -> bool:
    """Whether the last frame is all there, and an MP3 as long as it says it is."""
    if format_key == "amr":
        sizes, at = (AMR_WB_SIZES, 9) if data.startswith(b"#!AMR-WB") else (AMR_SIZES, 6)
        while at < len(data):
            at += sizes[data[at] >> 3 & 15]
        return at == len(data)
    length_of = mp3_length if format_key == "mp3" else adts_length
    at = start
    while length := length_of(data[at : at + 8]):
        at += length
    is_cut = at > len(data) or (0 < len(data) - at < 8 and data[at] == 0xFF)
    return not is_cut and (format_key == "aac" or _has_what_it_says(data, start))


def _has_what_it_says(data: bytes, start: int) -> bool:
    """Encoders write into the first frame how many bytes follow; a file without it is believed."""
    first = data[start : start + mp3_length(data[start : start + 4])]
    at = max(first.find(b"Xing"), first.find(b"Info"))
    if at < 0 or not first[at + 7] & 2:
        return True
    place = at + 8 + (4 if first[at + 7] & 1 else 0)
    told = int.from_bytes(first[place : place + 4], "big")
    return len(data) - start >= told - 2048
