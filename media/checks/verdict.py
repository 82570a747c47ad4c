"""What is asked of a file and what was found: plain data that also travels as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Allowed:
    """What one rule allows for one kind."""

    kind: str  # "image" | "video" | "document" | "audio"
    formats: frozenset[str]  # keys of `formats.FORMATS`
    most_bytes: int
    most_seconds: int | None = None
    is_mono: bool = False  # OGG must have one channel

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"formats": sorted(self.formats)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Allowed":
        return cls(**{**data, "formats": frozenset(data["formats"])})


@dataclass(frozen=True)
class Line:
    """One line of the box of characteristics, with the file's own figure (numbers, no words)."""

    key: str  # one of `box.KEYS`
    is_met: bool
    figure: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A file that was made from the original."""

    role: str  # "shown" (is delivered; absent = the original is) | "thumbnail" | "poster"
    path: Path
    type: str  # MIME
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Verdict:
    is_fine: bool
    reason: str = ""  # "" or a key of `reasons.REASONS`
    figures: dict[str, Any] = field(default_factory=dict)  # what the reason's sentence says
    lines: tuple[Line, ...] = ()
    format: str = ""  # what it really is: a key of `formats.FORMATS`, or a short name like "exe"
    type: str = ""  # MIME of the original, from its content; never what the sender said
    width: int | None = None  # as shown, after orientation
    height: int | None = None
    seconds: float | None = None
    pages: int | None = None
    converted: str = ""  # "" or a key of `reasons.CONVERSIONS`
    made: tuple[Made, ...] = ()
    walls_missing: tuple[str, ...] = ()  # what this machine would not let the child shut

    def as_json(self) -> dict[str, Any]:
        made = [asdict(each) | {"path": str(each.path)} for each in self.made]
        return asdict(self) | {"made": made}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Verdict":
        own = dict(data)
        own["lines"] = tuple(Line(**line) for line in data.get("lines", ()))
        made = (Made(**{**each, "path": Path(each["path"])}) for each in data.get("made", ()))
        own["made"] = tuple(made)
        own["walls_missing"] = tuple(data.get("walls_missing", ()))
        return cls(**own)
