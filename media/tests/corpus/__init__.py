"""Files of every kind, good and bad, made by real encoders when a test asks for them.

`python -m media.tests.corpus` prints what was expected of each and what was found.
"""

from media.tests.corpus import films, offices, papers, pictures, sounds
from media.tests.corpus.case import Case


def every_case() -> list[Case]:
    return [case for part in (pictures, films, sounds, papers, offices) for case in part.CASES]
