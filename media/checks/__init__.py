"""Is this what it says it is, and may it be shown? Everything that opens a file is in here.

`check` starts a child that has nothing and may do nothing but read that one file (`limits.py`).
"""

from media.checks.checking import check
from media.checks.verdict import Allowed, Line, Made, Verdict

__all__ = ["Allowed", "Line", "Made", "Verdict", "check"]
