"""Compound files, as Word, Excel and PowerPoint wrote them until 2007, and what hides in them."""

import struct
import zlib
from collections.abc import Callable
from typing import BinaryIO

import olefile

from media.checks.formats import RUNNABLE, extension
from media.checks.job import Refused
from media.checks.signatures import is_program, is_test_virus

INSTALLER = "000C1084-0000-0000-C000-000000000046"
START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_STREAMS = 5_000
MAIN = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
MACRO_PLACES = {"macros", "_vba_project_cur", "vba", "_vba_project"}
FILEPASS, SHEET, END_OF_SHEET = 0x2F, 0x85, 0x0A
OBJECT, MOST_OBJECT = 0x1011, 64 << 20  # in a PowerPoint file; bytes
INFO_OF_MACROS, CONTAINERS = 0x0400, {0x03E8, 0x07D0, 0x03FF}


def opened(file: BinaryIO) -> olefile.OleFileIO:
    file.seek(0)
    try:
        return olefile.OleFileIO(file, raise_defects=olefile.DEFECT_INCORRECT)
    except PermissionError:
        raise
    except (OSError, ValueError, IndexError, TypeError, struct.error) as error:
        raise Refused("damaged") from error


def kind_of(ole: olefile.OleFileIO) -> str:
    for stream, key in MAIN:
        if ole.exists(stream):
            return key
    if ole.exists("__properties_version1.0"):
        return "msg"
    return "msi" if ole.root and ole.root.clsid == INSTALLER else "ole"


def inspect(file: BinaryIO, carried: Callable[[bytes], None]) -> str:
    """The kind of the compound file, if nothing in it runs or hides; what it carries goes to
    `carried`."""
    with opened(file) as ole:
        if ole.exists("EncryptedPackage"):
            raise Refused("encrypted")
        key = kind_of(ole)
        names = ole.listdir(streams=True, storages=True)
        if len(names) > MOST_STREAMS:
            raise Refused("archive_too_big", members=len(names), most=MOST_STREAMS)
        for path in names:
            if MACRO_PLACES & {part.lower() for part in path}:
                raise Refused("macros")
        for path in ole.listdir(streams=True, storages=False):
            _look_into(ole, path, carried)
        _look_at_main(ole, key, carried)
    return key


def _look_into(ole: olefile.OleFileIO, path: list[str], carried: Callable[[bytes], None]) -> None:
    data = ole.openstream(path).read()
    if is_test_virus(data):
        raise Refused("virus")
    if path[-1].lower() == "\x01ole10native":
        names, data = _unwrapped(data)
        if is_program(data) or any(extension(name) in RUNNABLE for name in names):
            raise Refused("active", what="program")
    elif is_program(data) and len(path) > 1:
        raise Refused("active", what="program")
    carried(data)


def _unwrapped(data: bytes) -> tuple[list[str], bytes]:
    """What a file is called, and the file: as Windows wraps whatever was dropped on a document.

    Its length, 2 bytes, name, place, 8 bytes with the length of the next, place, length, bytes.
    """
    name, place, rest = [*data[6:].split(b"\0", 2), b"", b""][:3]
    length = int.from_bytes(rest[4:8], "little")
    names = [each.decode("latin-1") for each in (name, place, rest[8 : 8 + length].rstrip(b"\0"))]
    start = 8 + length
    size = int.from_bytes(rest[start : start + 4], "little")
    if start + 4 + size > len(rest):  # not as it should be: at least where it might begin
        return names, rest.lstrip(b"\0")
    return names, rest[start + 4 : start + 4 + size]


def _look_at_main(ole: olefile.OleFileIO, key: str, carried: Callable[[bytes], None]) -> None:
    if key == "doc":
        _word(ole.openstream("WordDocument").read())
    elif key == "xls":
        _excel(ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read())
    elif key == "ppt":
        if ole.exists("EncryptedSummary"):
            raise Refused("encrypted")
        _powerpoint(ole.openstream("PowerPoint Document").read(), carried)


def _word(data: bytes) -> None:
    if len(data) < 32:
        raise Refused("damaged", format="doc")
    if struct.unpack("<H", data[10:12])[0] & 0x0100:
        raise Refused("encrypted")
    if b"DDEAUTO" in data or "DDEAUTO".encode("utf-16-le") in data:
        raise Refused("active", what="dde")


def _excel(data: bytes) -> None:
    at = 0
    while at + 4 <= len(data):
        record, length = struct.unpack("<HH", data[at : at + 4])
        if record == FILEPASS:
            raise Refused("encrypted")
        if record == SHEET and data[at + 9 : at + 10] in {b"\x01", b"\x06"}:
            raise Refused("macros")
        if record == END_OF_SHEET:
            return
        at += 4 + length


def _powerpoint(data: bytes, carried: Callable[[bytes], None]) -> None:
    at = 0
    while at + 8 <= len(data):
        kind, length = struct.unpack("<2xHI", data[at : at + 8])
        if kind == INFO_OF_MACROS and data[at + 12 : at + 16] == b"\1\0\0\0":
            raise Refused("macros")
        if kind == OBJECT:
            carried(_unpacked(data[at : at + 8 + length]))
        at += 8 if kind in CONTAINERS else 8 + length


def _unpacked(record: bytes) -> bytes:
    """An object in a PowerPoint file: a compound file of its own, as it is or packed."""
    if not record[0] >> 4:
        return record[8:]
    try:
        body = zlib.decompressobj().decompress(record[12:], MOST_OBJECT + 1)
    except zlib.error as error:
        raise Refused("damaged", format="ppt") from error
    if len(body) > MOST_OBJECT:
        raise Refused("archive_too_big", bytes=len(body), most=MOST_OBJECT)
    return body
