"""What a child answers, or does not: one that was taken over says and does what it likes."""

from pathlib import Path

import pytest

from media.checks import checking
from media.checks.checking import check
from media.tests.corpus.case import WHATSAPP
from media.tests.test_checks_walls import nobody_is_left

__all__ = ["nobody_is_left"]  # a fixture


def test_a_child_that_talks_without_end_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_is_left: None
) -> None:
    monkeypatch.setattr(checking, "START", "import os\nwhile True: os.write(1, b'x' * 65536)")
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert verdict.reason == "could_not_check"


def test_a_child_that_says_it_is_done_and_stays_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_is_left: None
) -> None:
    start = "import os, signal; os.write(1, b'{}'); os.close(1); signal.pause()"
    monkeypatch.setattr(checking, "START", start)
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path, wall=1)
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": "wall"})


def test_a_child_that_crashes_is_told_by_its_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "START", "import os; os.abort()")
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert verdict.figures == {"died": "signal 6"}


@pytest.mark.parametrize(
    ("said", "died"),
    [
        (b'{"is_fine": true, "made": [{"role": "../../x", "type": "image/png"}]}', "answer"),
        (b'{"is_fine": true, "made": [{"role": "shown", "type": "text/html"}]}', "answer"),
        (b'{"is_fine": true, "who": "are you"}', "answer"),
        (b'{"is_fine": true, "seconds": NaN}', "exit 0"),
        (b'["is_fine"]', "exit 0"),
        (b"fine", "exit 0"),
        (b"", "exit 0"),
    ],
)
def test_a_child_that_was_taken_over_is_not_believed(
    said: bytes, died: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "START", f"import os; os.write(1, {said!r})")
    (tmp_path / "sent").write_bytes(b"hello")
    verdict = check(tmp_path / "sent", "a.txt", WHATSAPP["document"], tmp_path)
    assert (verdict.reason, verdict.figures) == ("could_not_check", {"died": died})
    assert {path.name for path in tmp_path.iterdir()} == {"sent"}
