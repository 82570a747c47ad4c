"""A console that waits for its turn at the door is not thrown out, as long as its page waits."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction

from contactcenter.server import AT_THE_DOOR
from contactcenter.testing import make_agent, make_project
from contactcenter.tests.bad_lines import browser, console
from contactcenter.tests.stack import Stack

DAPHNES = 5.0  # seconds that daphne itself gives a socket to be accepted
LINE = settings.BASE_DIR / "contactcenter/static/js/console/line.js"


@pytest.mark.usefixtures("committed")
def test_who_is_not_let_in_within_daphnes_time_stays_and_gets_in(stack: Stack) -> None:
    ana = make_agent(make_project(), "Ana")
    with ThreadPoolExecutor(1) as pool, browser(ana, stack.url) as page:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE django_session")  # nobody is recognised meanwhile
            opening = pool.submit(console, stack, page, ana.project.slug)
            with pytest.raises(TimeoutError):
                opening.result(DAPHNES + 1)
        with opening.result(20) as line:
            assert line.recv(10)


def test_the_door_is_more_patient_than_the_page() -> None:
    """Else the server closes what the page still waits for, and it begins at the end again."""
    (silence,) = re.findall(r"const SILENCE = ([\d_]+); // ms", LINE.read_text())
    assert int(silence) / 1000 < AT_THE_DOOR
