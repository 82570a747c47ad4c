"""Compound files, as Word, Excel and PowerPoint wrote them until 2007, and what hides in them."""

import struct
from typing import BinaryIO

import olefile

from media.checks.formats import RUNNABLE, extension
from media.checks.job import Job, Refused
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


def inspect(file: BinaryIO) -> str:
    """The kind of the compound file, if nothing in it runs or hides."""
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
            _look_into(ole, path)
        _look_at_main(ole, key)
    return key


def _look_into(ole: olefile.OleFileIO, path: list[str]) -> None:
    data = ole.openstream(path).read()
    if is_test_virus(data):
        raise Refused("virus")
    if path[-1].lower() == "\x01ole10native":
        names = [part.decode("latin-1") for part in data[6:1500].split(b"\0")[:3]]
        if b"MZ" in data[:4096] or any(extension(name) in RUNNABLE for name in names):
            raise Refused("active", what="program")
    elif is_program(data) and len(path) > 1:
        raise Refused("active", what="program")


def _look_at_main(ole: olefile.OleFileIO, key: str) -> None:
    if key == "doc":
        _word(ole.openstream("WordDocument").read())
    elif key == "xls":
        _excel(ole.openstream("Workbook" if ole.exists("Workbook") else "Book").read())
    elif key == "ppt":
        if ole.exists("EncryptedSummary"):
            raise Refused("encrypted")
        _powerpoint(ole.openstream("PowerPoint Document").read())


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


def _powerpoint(data: bytes) -> None:
    at = 0
    while at + 8 <= len(data):
        kind, length = struct.unpack("<2xHI", data[at : at + 8])
        if kind == INFO_OF_MACROS and data[at + 12 : at + 16] == b"\1\0\0\0":
            raise Refused("macros")
        at += 8 if kind in CONTAINERS else 8 + length


def look(job: Job) -> None:
    with opened(job.file) as ole:
        key = kind_of(ole)
        if ole.exists("EncryptedPackage"):
            raise Refused("encrypted")
    job.is_a(key)
    inspect(job.file)
    job.line("content", True)
    job.line("readable", True)
