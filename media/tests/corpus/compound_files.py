"""Compound files by hand: no library writes them. Streams have at least 4,096 bytes."""

import itertools
import struct

SECTOR, SMALLEST = 512, 4096
FREE, END, LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5


def compound(streams: dict[str, bytes]) -> bytes:
    """ "Macros/VBA/dir": path -> what stands there; storages are made on the way."""
    names = sorted(
        {"/".join(p.split("/")[:n]) for p in streams for n in range(1, p.count("/") + 2)}
    )
    bodies = {name: streams[name].ljust(SMALLEST, b"\0") for name in names if name in streams}
    sectors = -(-(len(names) + 1) * 128 // SECTOR)
    chains = [_chain(0, 1, LIST), _chain(1, sectors)]
    starts, at = {}, 1 + sectors
    for name, body in bodies.items():
        count = -(-len(body) // SECTOR)
        starts[name] = at
        chains.append(_chain(at, count))
        at += count
    assert at <= SECTOR // 4, "one block list holds 128 sectors"
    table = b"".join(chains).ljust(SECTOR, b"\xff")
    folder = _folder(names, bodies, starts).ljust(sectors * SECTOR, b"\0")
    padded = (body.ljust(-(-len(body) // SECTOR) * SECTOR, b"\0") for body in bodies.values())
    return _header() + table + folder + b"".join(padded)


def _chain(start: int, count: int, last: int = END) -> bytes:
    return b"".join(
        struct.pack("<I", start + n + 1 if n < count - 1 else last) for n in range(count)
    )


def _header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, SMALLEST, END, 0, END, 0)
    return head + struct.pack("<I", 0) + b"\xff" * (SECTOR - len(head) - 4)


def _folder(names: list[str], bodies: dict[str, bytes], starts: dict[str, int]) -> bytes:
    """Every folder's members hang on its first one, each to the right of the one before."""
    members: dict[str, list[str]] = {}
    for name in names:
        members.setdefault(name.rpartition("/")[0], []).append(name)
    order = {name: number + 1 for number, name in enumerate(names)}
    right = {}
    for each in members.values():
        each.sort(key=lambda name: (len(name), name.upper()))
        right |= {one: order[two] for one, two in itertools.pairwise(each)}

    def child(name: str) -> int:
        return order[members[name][0]] if name in members else FREE

    entries = [_entry("Root Entry", ROOT, FREE, child(""), END, 0)]
    for name in names:
        kind = STREAM if name in bodies else STORAGE
        start, size = starts.get(name, 0), len(bodies.get(name, b""))
        last = name.rpartition("/")[2]
        entries.append(_entry(last, kind, right.get(name, FREE), child(name), start, size))
    return b"".join(entries)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    head = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1)
    return (
        head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
    )
