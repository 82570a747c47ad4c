"""The command that proves the promises: what it looks at, and what it says."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agents.models import Project
from contactcenter import promises
from contactcenter.testing import arrivals, make_inbox, make_project
from conversations import inbound, invariants
from conversations.models import Conversation, Inbox, QueueEntry
from conversations.tests.breaking import broken, busy, change, clinic, served, waiting

__all__ = ["busy", "clinic"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_busy_day_breaks_nothing(busy: Project) -> None:
    assert broken() == {}
    assert broken(busy, since=timezone.now() - dt.timedelta(hours=1)) == {}


def test_no_day_at_all_breaks_nothing(db: None) -> None:
    assert broken() == {}


def test_only_the_project_asked_for(busy: Project, clinic: Project) -> None:
    waiting(busy).delete()
    assert list(broken(busy)) == ["open-in-one-state"]
    assert broken(clinic) == {}


def test_what_was_over_before_is_left_out(busy: Project) -> None:
    ended = Conversation.objects.filter(ended_at__isnull=False).first()
    change(ended, last_seq=9, ended_at=timezone.now() - dt.timedelta(hours=3))
    assert list(broken()) == ["messages-gapless"]
    assert broken(since=timezone.now() - dt.timedelta(hours=2)) == {}


def test_no_more_than_five_are_named_but_all_are_counted(web: Inbox) -> None:
    arrivals(web, 7)
    QueueEntry.objects.all().delete()
    (finding,) = [found for found in invariants.check() if not found.holds]
    assert (finding.count, len(finding.ids)) == (7, 5)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("check_invariants", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_the_command_says_that_all_hold(busy: Project) -> None:
    said = run()
    assert f"All {len(promises.INVARIANTS)} hold" in said.splitlines()[-1]
    assert "BROKEN" not in said


def test_the_command_names_what_is_broken_and_fails(
    busy: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = waiting(busy)
    entry.delete()
    with pytest.raises(SystemExit) as end:
        call_command("check_invariants", no_color=True)
    assert end.value.code == 1
    said = capsys.readouterr().out
    assert "BROKEN P-05 open-in-one-state" in said
    assert str(entry.conversation_id) in said
    assert said.splitlines()[-1].startswith("1 of ")


def test_scripts_read_json(busy: Project) -> None:
    answer = json.loads(run("--json", "--project", busy.slug, "--since", "1"))
    assert answer["holds"] is True
    assert {check["promise"] for check in answer["checks"]} >= {"P-01", "P-06", "P-14"}


def test_an_unknown_project_is_a_sentence() -> None:
    make_project()
    with pytest.raises(CommandError, match="There is no project with the address nowhere"):
        run("--project", "nowhere")


def test_every_promise_of_the_list_has_a_check() -> None:
    promised = {invariant.promise for invariant in promises.INVARIANTS}
    assert promised >= {f"P-0{number}" for number in range(1, 9)} | {"P-14"}
    names = [invariant.name for invariant in promises.INVARIANTS]
    assert len(set(names)) == len(names)


def test_two_channels_of_one_contact_are_two_conversations(busy: Project, web: Inbox) -> None:
    conversation = served(busy).conversation
    second = make_inbox(web.campaign)
    incoming = inbound.Incoming(provider_id="second", text="Here too")
    inbound.receive(inbox=second, identity=conversation.identity, incoming=incoming)
    assert broken() == {}
