"""Made-up people are as patient as the real pages, or what they prove is about nobody."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from conversations.simulation import customer, desk, line, screen

SCRIPTS = Path(settings.BASE_DIR) / "contactcenter/static/js"
BACK_WITHIN = 5.0  # seconds, promise P-09


@pytest.mark.parametrize(
    ("script", "constant", "seconds"),
    [
        ("console/line.js", "FIRST", line.FIRST),
        ("console/line.js", "LAST", line.LONGEST),
        ("console/line.js", "SILENCE", desk.SILENCE),
        ("console/refresh.js", "FIRST", screen.FIRST),
        ("console/refresh.js", "LAST", screen.LONGEST),
        ("console/revisions.js", "WAIT", screen.LATE),
        ("http.js", "PATIENCE", desk.PATIENCE),
        ("webchat/backoff.js", "SHORTEST", line.FIRST),
        ("webchat/backoff.js", "LONGEST", line.LONGEST),
        ("webchat/line.js", "HELLO_WITHIN", customer.HELLO_WITHIN),
        ("webchat/line.js", "SILENCE", customer.SILENCE),
        ("webchat/server.js", "GAP", customer.HOLE),
    ],
)
def test_they_wait_as_long_as_the_pages_do(script: str, constant: str, seconds: float) -> None:
    found = re.search(rf"const {constant} = ([\d_]+);", (SCRIPTS / script).read_text())
    assert found, f"{script} has no {constant}"
    assert int(found[1].replace("_", "")) == seconds * 1000


def test_nobody_pauses_longer_than_a_page_may_take_to_be_back() -> None:
    """Whoever begins a pause just before the line could be had again, sits it out."""
    assert max(line.LONGEST, screen.LONGEST) < BACK_WITHIN
