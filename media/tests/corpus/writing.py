"""Documents as office programs write them, in their least form; and what may hide in them."""

import io
import struct
import zipfile
from typing import Any

import pikepdf

from media.tests.corpus.compound_files import compound

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", OFFICE + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OFFICE + "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", OFFICE + "presentationml.presentation.main+xml"),
    "docm": ("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"),
    "xlsm": ("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
}
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def archive(members: dict[str, bytes], **settings: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **settings) as packed:
        for name, body in members.items():
            packed.writestr(name, body)
    return file.getvalue()


def office(kind: str = "docx", more: dict[str, bytes] | None = None, types: str = "") -> bytes:
    part, type_ = MAIN[kind]
    listed = f'<Override PartName="/{part}" ContentType="{type_}"/>{types}'
    members = {
        "[Content_Types].xml": XML + f"<Types>{listed}</Types>".encode(),
        "_rels/.rels": relation("officeDocument", part, ""),
        "docProps/app.xml": XML + b"<Properties><Pages>3</Pages></Properties>",
        part: XML + b"<w:document><w:t>Hola</w:t></w:document>" * 40,
    }
    return archive(members | (more or {}))


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    said = f' TargetMode="{mode}"' if mode else ""
    line = f'<Relationship Id="r1" Type="{RELATIONS}{kind}" Target="{target}"{said}/>'
    return XML + f"<Relationships>{line}</Relationships>".encode()


def open_document(more: dict[str, bytes] | None = None, manifest: bytes = b"") -> bytes:
    members = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": XML + b"<office:text>Hola</office:text>",
        "META-INF/manifest.xml": XML + b"<manifest:manifest>" + manifest + b"</manifest:manifest>",
    }
    return archive(members | (more or {}))


def encrypted_archive() -> bytes:
    """The same, with the mark of a password on its members."""
    data = bytearray(office())
    for start, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(start)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(start, at + 4)
    return bytes(data)


def packed_strangely() -> bytes:
    """Its members say they are packed with a method that few know (Deflate64)."""
    data = bytearray(office())
    for start, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        at = data.find(start)
        while at >= 0:
            data[at + place] = 9
            at = data.find(start, at + 4)
    return bytes(data)


def lying_about_sizes() -> bytes:
    """A member that says it unpacks to 100 bytes, and unpacks to 200 MB."""
    whole = bytearray(office(more={"word/media/a.bin": bytes(200 << 20)}))
    at = whole.rfind(b"word/media/a.bin") - 46
    whole[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(whole)


def nested(depth: int) -> bytes:
    """Archives in archives, sixteen of each, as 42.zip: unpacked, they would fill a disk."""
    inner = archive({"0": bytes(7 << 20)})
    for _ in range(depth):
        inner = archive({str(number): inner for number in range(16)})
    return inner


def word(flags: int = 0, **streams: bytes) -> bytes:
    start = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)
    return compound({"WordDocument": start + b"Hola" * 50, "1Table": b"x", **streams})


def excel(*records: tuple[int, bytes]) -> bytes:
    start = (0x809, struct.pack("<HH", 0x600, 5) + bytes(12))
    parts = (
        struct.pack("<HH", kind, len(body)) + body for kind, body in [start, *records, (0x0A, b"")]
    )
    return compound({"Workbook": b"".join(parts)})


def sheet(kind: int) -> tuple[int, bytes]:
    return 0x85, struct.pack("<IBB", 0, 0, kind) + b"\x06\0Sheet1"


def powerpoint(*records: bytes, **streams: bytes) -> bytes:
    body = b"".join(records)
    info = struct.pack("<HHI", 0x0F, 0x03E8, len(body)) + body
    return compound({"PowerPoint Document": info, "Current User": b"x", **streams})


def powerpoint_macros() -> bytes:
    atom = struct.pack("<HHIIII", 2, 0x0400, 12, 1, 1, 2)
    inner = struct.pack("<HHI", 0x1F, 0x03FF, len(atom)) + atom
    return struct.pack("<HHI", 0x0F, 0x07D0, len(inner)) + inner


def pdf(change: Any = None, **settings: Any) -> bytes:
    """One page, and what `change(pdf)` does to it."""
    paper = pikepdf.new()
    paper.add_blank_page()
    if change:
        change(paper)
    file = io.BytesIO()
    paper.save(file, **settings)
    return file.getvalue()
