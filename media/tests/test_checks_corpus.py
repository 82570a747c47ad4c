"""Every file of the corpus gets the verdict that is expected of it."""

from pathlib import Path

import pytest

from media.checks import Verdict, box, check, reasons
from media.tests.corpus import every_case
from media.tests.corpus.case import Case
from media.tests.corpus.pictures import HIDDEN

SECRETS = (HIDDEN, b"Fairphone", b"Exif", b"+52.5", b"GPS")


@pytest.mark.parametrize("case", every_case(), ids=str)
def test_the_verdict_is_the_expected_one(case: Case, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.write_bytes(case.make())
    (into := tmp_path / "into").mkdir()

    verdict = check(sent, case.name, case.rule, into)

    assert verdict.reason == case.reason, verdict
    assert verdict.is_fine == (not case.reason)
    assert verdict.converted == case.converted or case.reason
    assert verdict.format == case.format or not case.format
    assert verdict.walls_missing == () or verdict.reason == "empty"
    assert {made.path for made in verdict.made} == set(into.iterdir())
    can_be_said(verdict, case)
    if verdict.is_fine:
        tells_what_was_made(verdict, case)
    else:
        assert not verdict.made


def can_be_said(verdict: Verdict, case: Case) -> None:
    """Each line of the box, and why it was refused, with nothing left open."""
    assert all(line.text for line in box.ticked(case.rule, verdict.lines))
    sentence = reasons.sentence(verdict.reason, verdict.figures)
    assert bool(sentence) == bool(verdict.reason)
    assert "%(" not in sentence and "–" not in sentence, sentence


def tells_what_was_made(verdict: Verdict, case: Case) -> None:
    """What is delivered passes the same rule again, unchanged in kind, and keeps no secret."""
    assert all(line.is_met for line in verdict.lines), verdict.lines
    roles = {made.role: made for made in verdict.made}
    assert ("thumbnail" in roles) == (case.rule.kind == "image")
    assert ("poster" in roles) == (case.rule.kind == "video")
    assert ("shown" in roles) >= (case.rule.kind == "image" or bool(case.converted))
    if shown := roles.get("shown"):
        data = shown.path.read_bytes()
        assert not [secret for secret in SECRETS if secret in data]
        again = check(shown.path, "again", case.rule, shown.path.parent.parent)
        assert (again.reason, again.converted) == ("", "")
        assert again.type == shown.type
        assert (again.width, again.height) == (verdict.width, verdict.height)
