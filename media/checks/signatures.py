"""What gives itself away by its bytes."""

from typing import BinaryIO

# The test file of all virus scanners, in two pieces: a scanner of this code shall stay calm.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EIC" + rb"AR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",  # a Windows shortcut
    b"#!/",
)


def is_program(start: bytes) -> bool:
    return start.startswith(PROGRAMS)


def is_test_virus(data: bytes) -> bool:
    return TEST_VIRUS in data


def ends_as_archive(file: BinaryIO, size: int) -> bool:
    """Whether its end is that of a zip, whatever its start is: such a file is two at once."""
    file.seek(max(0, size - (22 + 65535)))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at >= 0 and len(tail) - at >= 22 and at + 22 + comment == len(tail)


def is_infected(file: BinaryIO) -> bool:
    """Whether the test file of all virus scanners stands anywhere in it."""
    end = b""
    while block := file.read(1 << 20):
        if is_test_virus(end + block):
            return True
        end = block[-len(TEST_VIRUS) :]
    return False
