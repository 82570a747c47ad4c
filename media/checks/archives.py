"""Archives (all newer Office files are some): counted and measured before anything is unpacked."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from media.checks.job import Refused
from media.checks.signatures import is_program, is_test_virus

MOST_MEMBERS = 20_000
MOST_UNPACKED = 600 << 20  # bytes, of all members and of the archives in them
MOST_RATIO = 250  # to one, of a member that is not small
SMALL = 32 << 20  # bytes
BLOCK = 1 << 20
ACROSS = 128  # bytes: longer than anything that is looked for
DEFINITIONS = re.compile(rb"<!(DOCTYPE|ENTITY)")


class Archive:
    """A zip whose numbers were believed only after they were checked."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
            self.members = [each for each in self.zip.infolist() if not each.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
            raise Refused("damaged") from error
        if len(self.members) > MOST_MEMBERS:
            raise Refused("archive_too_big", members=len(self.members), most=MOST_MEMBERS)
        self.left = MOST_UNPACKED
        for member in self.members:
            self._measure(member)
        if sum(member.compress_size for member in self.members) > size:
            raise Refused("archive_too_big", bytes=size)  # members that lie on each other
        self.names = {each.filename for each in self.members}

    def _measure(self, member: zipfile.ZipInfo) -> None:
        packed, unpacked = member.compress_size, member.file_size
        self.left -= unpacked
        is_bomb = unpacked > SMALL and unpacked > packed * MOST_RATIO
        if is_bomb or self.left < 0:
            raise Refused("archive_too_big", bytes=unpacked, most=MOST_UNPACKED)
        if member.flag_bits & 0x41:
            raise Refused("encrypted")
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or member.filename.startswith("/") or "\0" in member.filename:
            raise Refused("active", what="path")

    def read(self, name: str, most: int = 32 << 20) -> bytes:
        """The whole of a member; Refused when it is larger than `most` bytes."""
        with self.zip.open(name) as member:
            data = member.read(most + 1)
        if len(data) > most:
            raise Refused("archive_too_big", bytes=len(data), most=most)
        return data

    def blocks(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """All of it, block by block; what it says of its length holds, or it is refused."""
        left = member.file_size
        with self.zip.open(member) as opened:
            while block := opened.read(BLOCK):
                left -= len(block)
                if left < 0:
                    raise Refused("archive_too_big", bytes=member.file_size)
                yield block


def whole(archive: Archive, member: zipfile.ZipInfo) -> bytes:
    """A member's first block, once all of it was unpacked: its checksum held, nothing known bad."""
    first = end = b""
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    for block in archive.blocks(member):
        first = first or block
        seen = end + block  # what stands across two blocks is seen, too
        if is_test_virus(seen):
            raise Refused("virus", member=member.filename[-80:])
        if is_xml and has_definitions(seen):
            raise Refused("active", what="entities", member=member.filename[-80:])
        end = block[-ACROSS:]
    if is_program(first):
        raise Refused("active", what="program", member=member.filename[-80:])
    return first


def has_definitions(data: bytes) -> bool:
    """Definitions of its own, in any encoding an XML reader takes."""
    return bool(DEFINITIONS.search(data.replace(b"\0", b"")))


def nested(archive: Archive, member: zipfile.ZipInfo) -> bytes:
    return archive.read(member.filename, 64 << 20)
