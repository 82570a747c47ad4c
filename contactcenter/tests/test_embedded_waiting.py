"""Waiting: until it is so, never without a deadline, and told why when it was in vain."""

import pytest

from contactcenter.embedded.waiting import answers, becomes, soon, wait_until
from contactcenter.tests.stack import free_port


def test_it_is_asked_until_it_is_so() -> None:
    turns = iter([False, False, True])
    assert becomes(lambda: next(turns), 30, every=0.01)
    assert next(turns, None) is None


def test_what_is_so_already_is_seen_however_little_time_is_left() -> None:
    assert becomes(lambda: True, -5)
    assert not becomes(lambda: False, -5)


async def test_the_loop_goes_on_meanwhile() -> None:
    turns = iter([False, False, True])
    assert await soon(lambda: next(turns), 30, every=0.01)
    assert not await soon(lambda: False, -5)


def test_whoever_waited_in_vain_hears_why() -> None:
    with pytest.raises(AssertionError, match="not so within 0 s\nthe log's last lines"):
        wait_until(lambda: False, 0, lambda: "the log's last lines")


def test_nobody_answers_where_nobody_listens() -> None:
    assert not answers(f"http://127.0.0.1:{free_port()}/")
