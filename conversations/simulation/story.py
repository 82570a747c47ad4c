"""What a made-up customer is going to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """What one customer is going to do. Times in seconds."""

    name: str
    lines: list[str]
    arrives: float  # after the start of the run
    patience: float  # without an answer they leave
    thinking: float  # between an answer and their next line
