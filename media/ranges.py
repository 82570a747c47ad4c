"""Which part of a file is asked for (RFC 9110, 14): one range; several are answered with all."""

import re

BYTES = re.compile(r"^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$")


class Unsatisfiable(Exception):
    """Nothing of it is in the file: 416."""


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """From `start` to before `stop`; None for the whole: nothing was asked, or nothing we know."""
    found = BYTES.match(header.strip())
    if not found:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(0, size - int(suffix)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None  # no range at all: as if it were not there
    if start >= stop:
        raise Unsatisfiable
    return start, stop
