"""What is packed in PDFs, and what it unpacks to."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from pikepdf import Array, Name, Stream
from PIL import Image


def packed_twice(paper: Any) -> None:
    body = zlib.compress(zlib.compress(bytes(64 << 20), 9), 9)
    twice = Array([Name.FlateDecode, Name.FlateDecode])
    paper.pages[0].obj.Contents = paper.make_indirect(Stream(paper, body, Filter=twice))


def contents(*pages: bytes) -> Any:
    """What is drawn on its one page, in so many pieces."""

    def change(paper: Any) -> None:
        streams = [Stream(paper, zlib.compress(each, 9), Filter=Name.FlateDecode) for each in pages]
        paper.pages[0].obj.Contents = Array([paper.make_indirect(each) for each in streams])

    return change


def drawn_as(body: Callable[[], bytes], *filters: Any) -> Any:
    """What is drawn on its one page, packed so."""

    def change(paper: Any) -> None:
        packed = Stream(paper, body(), Filter=Array(filters))
        paper.pages[0].obj.Contents = paper.make_indirect(packed)

    return change


def packed_as_tiff(image: Image.Image) -> bytes:
    """Its pixels by LZW, which is the same in PDF."""
    file = io.BytesIO()
    image.save(file, "TIFF", compression="tiff_lzw", tiffinfo={278: image.height})  # one strip
    file.seek(0)
    tags = Image.open(file).tag_v2  # type: ignore[attr-defined]
    return file.getvalue()[tags[273][0] :][: tags[279][0]]


def lzw(side: int) -> bytes:
    """As many nothings as a square has pixels."""
    return packed_as_tiff(Image.new("L", (side, side)))


def by_hand(objects: bytes) -> bytes:
    """Without a list of its objects: a reader makes it anew."""
    end = b"trailer\n<</Root 1 0 R/Size 9>>\nstartxref\n0\n%%EOF\n"
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" + objects + end


def stream(number: int, said: bytes, body: bytes) -> bytes:
    head = b"%d 0 obj\n<<%s/Length %d>>\n" % (number, said, len(body))
    return head + b"stream\n%s\nendstream\nendobj\n" % body


def object_bomb() -> bytes:
    """The pages are in a stream of objects that unpacks to 2 GB."""
    pages, blanks = b"2 0 <</Type/Pages/Kids[]/Count 0>>", b" " * (1 << 20)
    packer = zlib.compressobj(9, wbits=-15)
    body = packer.compress(pages) + packer.flush(zlib.Z_FULL_FLUSH)
    # Packed once: after a full flush nothing is said of what came before.
    body += (packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)) * 2048 + packer.flush()
    check = zlib.adler32(pages)
    for _ in range(2048):
        check = zlib.adler32(blanks, check)
    body = b"\x78\xda" + body + check.to_bytes(4)
    start = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    packed = stream(3, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", body)
    places = [(0, 0), (1, 9), (2, 3), (1, len(start)), (1, len(start + packed))]
    rows = b"".join(struct.pack(">BIB", kind, place, 0) for kind, place in places)
    listed = stream(4, b"/Type/XRef/Root 1 0 R/Size 5/W[1 4 1]", rows)
    end = b"startxref\n%d\n%%%%EOF\n" % len(start + packed)
    return start + packed + listed + end
