"""Whether a film or a sound stands in its file to its last byte: MP4's boxes, WebM's elements, Ogg.

FFmpeg plays what is left of a cut file without a word; a person would like to know.
"""

import struct
from typing import BinaryIO

SEGMENT, CLUSTER, DOC_TYPE = 0x18538067, 0x1F43B675, 0x4282
MOST_PARTS = 2_000_000  # of one file: more is made to keep us busy


def has_whole_boxes(file: BinaryIO, size: int) -> bool:
    """Whether the boxes of MP4, MOV, 3GP and HEIC fill the file and do not reach beyond it."""
    at = 0
    for _ in range(MOST_PARTS):
        if at == size:
            return True
        file.seek(at)
        header = file.read(16)
        length = struct.unpack(">I", header[:4])[0] if len(header) >= 8 else -1
        if length == 1 and len(header) == 16:
            length = struct.unpack(">Q", header[8:])[0]
        elif length == 0:
            return True  # to the end of the file
        if length < 8 or at + length > size:
            break
        at += length
    return False


def has_whole_pages(file: BinaryIO, size: int) -> bool:
    at = 0
    while at < size:
        file.seek(at)
        header = file.read(27 + 255)
        if header[:4] != b"OggS" or len(header) < 27 or len(header) < 27 + header[26]:
            return False
        at += 27 + header[26] + sum(header[27 : 27 + header[26]])
    return at == size


def doc_type(file: BinaryIO) -> str:
    """ "webm" or "matroska", as the file's header says."""
    head = file.read(4096)
    at = head.find(DOC_TYPE.to_bytes(2, "big"))
    length = head[at + 2] & 0x7F if 0 <= at < len(head) - 3 else 0
    return head[at + 3 : at + 3 + length].rstrip(b"\0").decode("ascii", "replace")


def has_whole_elements(file: BinaryIO, size: int) -> bool:
    """Segment and clusters are entered, everything else is passed over; the last must end here."""
    at = 0
    for _ in range(MOST_PARTS):
        if at >= size:
            break
        file.seek(at)
        header = file.read(12)
        name, used = _number(header, keeps_marker=True)
        length, more = _number(header[used:], keeps_marker=False)
        if not used or not more:
            break
        at += used + more
        is_open = length == (1 << 7 * more) - 1  # written live: its length was not known
        if not is_open and at + length > size:
            break
        if name not in {SEGMENT, CLUSTER}:
            at = size + 1 if is_open else at + length
    return at == size


def _number(data: bytes, *, keeps_marker: bool) -> tuple[int, int]:
    """A number whose first byte says how many bytes it has; (0, 0) where there is none."""
    used = 9 - data[0].bit_length() if data and data[0] else 0
    if not used or len(data) < used:
        return 0, 0
    value = int.from_bytes(data[:used], "big")
    return (value if keeps_marker else value & (1 << 7 * used) - 1), used
