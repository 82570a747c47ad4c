"""One file being looked at: what is known of it so far, and the two files it may write."""

import json
from dataclasses import asdict
from typing import Any, BinaryIO

from media.checks.formats import CONVERSIONS, CONVERTED, FORMATS
from media.checks.verdict import Allowed, Line


class Refused(Exception):
    """The file is not taken: a key of `reasons.REASONS` and what its sentence says."""

    def __init__(self, reason: str, **figures: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.figures = figures


class Job:
    """What an opener is given and fills in. `shown` and `preview` are open for writing."""

    def __init__(
        self, file: BinaryIO, extension: str, allowed: Allowed, shown: BinaryIO, preview: BinaryIO
    ) -> None:
        self.file = file
        self.extension = extension
        self.allowed = allowed
        self.shown = shown
        self.preview = preview
        self.size = file.seek(0, 2)
        file.seek(0)
        self.lines: list[Line] = []
        self.found: dict[str, Any] = {}  # of Verdict: format, type, width, seconds, converted, …
        self.made: list[dict[str, Any]] = []

    def line(self, key: str, is_met: bool, **figure: Any) -> None:
        self.lines.append(Line(key, is_met, figure))

    def demand(self, key: str, is_met: bool, reason: str, **figure: Any) -> None:
        """A line of the box; where it is not met the file is refused for `reason`."""
        self.line(key, is_met, **figure)
        if not is_met:
            raise Refused(reason, **figure)

    @property
    def format(self) -> str:
        return str(self.found.get("format", ""))

    @property
    def target(self) -> str:
        """What is delivered: its own format, or the one it is turned into."""
        if self.format in self.allowed.formats and self.format != "heic":
            return self.format  # a HEIC is drawn anew as JPEG wherever it goes: few can show it
        return CONVERTED.get(self.format, self.format)

    def is_a(self, format_key: str, type_: str = "") -> None:
        """It is known what the file is: the first two lines of every box."""
        known = FORMATS.get(format_key)
        self.found |= {"format": format_key, "type": type_ or (known.type if known else "")}
        fits = known is not None and known.kind == self.allowed.kind
        is_taken = fits and bool({format_key, self.target} & self.allowed.formats)
        self.demand("format", is_taken, "wrong_type", format=format_key)
        most = self.allowed.most_bytes
        self.demand("size", self.size <= most, "too_big", bytes=self.size, most=most)
        if self.target != self.format:
            self.found["converted"] = CONVERSIONS[self.format]

    def note_made(self, role: str, type_: str, width: int = 0, height: int = 0) -> None:
        self.made.append(
            {"role": role, "type": type_, "width": width or None, "height": height or None}
        )

    def answer(self, **more: Any) -> bytes:
        lines = [asdict(line) for line in self.lines]
        return json.dumps({**self.found, "lines": lines, "made": self.made, **more}).encode()
