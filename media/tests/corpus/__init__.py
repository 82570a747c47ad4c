"""Files of every kind, good and bad, made by real encoders when a test asks for them.

`python -m media.tests.corpus` prints what was expected of each and what was found.
"""

from media.tests.corpus import films, offices, papers, pictures, sounds
from media.tests.corpus.case import Case

TOO_MUCH = {"archive_too_big", "too_many_pixels", "too_many_frames"}
LIARS = {"PDF whose objects unpack to 2 GB", "Word that lies about a size"}


def bombs() -> list[Case]:
    """Small files that would be large."""
    return [case for case in every_case() if case.reason in TOO_MUCH or case.what in LIARS]


def every_case() -> list[Case]:
    return [case for part in (pictures, films, sounds, papers, offices) for case in part.CASES]
