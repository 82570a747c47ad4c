"""Each promise is broken on purpose, and named. The constraints that forbid it are taken away
first, inside the story's own transaction."""

import datetime as dt
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from agents.models import Agent, Campaign, Project, Screen
from contactcenter import promises
from contactcenter.testing import (
    arrivals,
    make_agent,
    make_inbox,
    make_project,
    order_status,
    ready,
    write,
)
from conversations import closing, inbound, invariants, outbound, routing
from conversations.models import (
    Assignment,
    Contact,
    Conversation,
    Delivery,
    Inbox,
    Message,
    Offer,
    QueueEntry,
    Typification,
)

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def busy(shop: Project, web: Inbox, ana: Agent) -> Project:
    """Ana ended one, serves two and answered; two wait; one left."""
    Agent.objects.filter(pk=ana.pk).update(capacity=2)
    ready(ana)
    first, second, *_, last = arrivals(web, 6)
    closing.end(agent=ana, conversation=first, typification=order_status(shop))
    closing.abandon(conversation=last)
    outbound.send(agent=ana, conversation=second, client_id=last.pk, text="On its way")
    return shop


def broken(
    project: Project | None = None, since: dt.datetime | None = None
) -> dict[str, list[str]]:
    """The names of what does not hold, with the ids found."""
    found = invariants.check(project_id=project and project.pk, since=since)
    return {finding.invariant.name: finding.ids for finding in found if not finding.holds}


def without(*constraints: str) -> None:
    """Take a table's constraints or unique indexes away: `table.name`."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in constraints:
            table, name = constraint.split(".")
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def served(project: Project) -> Assignment:
    return Assignment.objects.filter(project=project, ended_at=None).order_by("pk").first()


def waiting(project: Project) -> QueueEntry:
    return QueueEntry.objects.filter(project=project, ended_at=None).order_by("pk").first()


def change(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def test_a_busy_day_breaks_nothing(busy: Project) -> None:
    assert broken() == {}
    assert broken(busy, since=timezone.now() - dt.timedelta(hours=1)) == {}


def test_no_day_at_all_breaks_nothing(db: None) -> None:
    assert broken() == {}


# P-01, P-02, P-03: messages


def test_a_conversation_without_a_message(busy: Project) -> None:
    conversation = served(busy).conversation
    conversation.messages.all().delete()
    change(conversation, last_seq=0)
    assert broken() == {"conversations-begin-with-a-message": [str(conversation.pk)]}


def test_a_delivery_that_nobody_takes_up(busy: Project) -> None:
    now = timezone.now()
    stuck = Delivery.objects.create(
        message=Message.objects.first(), due_at=now - 5 * MINUTE, lease_until=now - 2 * MINUTE
    )
    assert broken() == {"deliveries-move": [str(stuck.pk)]}
    change(stuck, lease_until=now + MINUTE)
    assert broken() == {}, "somebody is at it"
    change(stuck, lease_until=None, due_at=now + MINUTE)
    assert broken() == {}, "it is not due"


def test_a_message_stored_twice(busy: Project) -> None:
    without("conversations_message.message_provider_id_once_an_inbox")
    first, second = Message.objects.filter(author="contact").order_by("pk")[:2]
    change(second, provider_id=first.provider_id)
    assert broken() == {"messages-stored-once": [str(second.pk)]}


def test_a_message_stored_twice_under_its_senders_name(busy: Project) -> None:
    without("conversations_message.message_client_id_once_a_sender")
    answer = Message.objects.get(author="agent")
    conversation = answer.conversation
    first = conversation.messages.get(seq=1)
    change(answer, author="contact", agent=None, client_id=first.client_id)
    assert broken() == {"messages-named-once": [str(answer.pk)]}


def lose_the_first(conversation: Conversation) -> None:
    conversation.messages.get(seq=1).delete()


def lose_the_last(conversation: Conversation) -> None:
    conversation.messages.get(seq=conversation.last_seq).delete()


def count_too_far(conversation: Conversation) -> None:
    change(conversation, last_seq=9)


def skip_a_number(conversation: Conversation) -> None:
    change(conversation.messages.get(seq=2), seq=3)
    change(conversation, last_seq=3)


@pytest.mark.parametrize("damage", [lose_the_first, lose_the_last, count_too_far, skip_a_number])
def test_a_gap_in_the_numbers(busy: Project, damage: Callable[[Conversation], None]) -> None:
    conversation = Message.objects.get(author="agent").conversation
    conversation.refresh_from_db()
    assert conversation.last_seq == 2
    damage(conversation)
    assert broken() == {"messages-gapless": [str(conversation.pk)]}


# P-04: limits


def test_an_assignment_over_the_limit(busy: Project, ana: Agent) -> None:
    """As if the lock had been forgotten: a third one beside her two."""
    entry = waiting(busy)
    change(entry, ended_at=timezone.now(), outcome="assigned")
    third = Assignment.objects.create(
        project=busy,
        campaign=entry.campaign,
        conversation=entry.conversation,
        agent=ana,
        queue_entry=entry,
        started_at=timezone.now(),
        reason={"load": 2, "limit": 2},
    )
    assert broken()["limits-kept"] == [str(third.pk)]


def test_a_limit_lowered_later_breaks_nothing(busy: Project, ana: Agent) -> None:
    change(ana, capacity=1)
    change(busy, capacity=0)
    assert broken() == {}


def test_many_at_one_instant_are_counted_in_their_order(shop: Project, web: Inbox) -> None:
    """One `fill` gives out several at the same moment: 0, 1, 2 … and not one more."""
    arrivals(web, 4)
    ready(make_agent(shop, "Ana", capacity=3))
    assert len(routing.fill(shop.pk)) == 3
    assert Assignment.objects.filter(project=shop).values("started_at").distinct().count() == 1
    assert broken() == {}
    last = Assignment.objects.order_by("pk").last()
    change(last, reason=last.reason | {"limit": 2})
    assert broken() == {"limits-kept": [str(last.pk)]}


@pytest.mark.parametrize("reason", [{}, {"load": 0}, {"limit": 2}, {"load": 7, "limit": 9}])
def test_a_reason_that_is_missing_or_wrong(busy: Project, reason: dict[str, int]) -> None:
    assignment = served(busy)
    change(assignment, reason=reason)
    assert broken() == {"reasons-true": [str(assignment.pk)]}


# P-05: one state


def test_two_open_conversations_of_one_contact(busy: Project) -> None:
    without("conversations_conversation.conversation_open_once_a_contact_and_inbox")
    one, other = (entry.conversation for entry in QueueEntry.objects.filter(ended_at=None))
    change(other, contact=one.contact, identity=one.identity)
    assert broken() == {"one-open-conversation": sorted([str(one.pk), str(other.pk)])}


def test_an_open_conversation_in_no_span(busy: Project) -> None:
    entry = waiting(busy)
    entry.delete()
    assert broken() == {"open-in-one-state": [str(entry.conversation_id)]}


def test_an_open_conversation_in_two_spans(busy: Project) -> None:
    without("conversations_queueentry.none")
    assignment = served(busy)
    now = timezone.now()
    QueueEntry.objects.create(
        project=busy,
        campaign=assignment.campaign,
        conversation=assignment.conversation,
        arrived_at=now,
        entered_at=now,
    )
    named = str(assignment.conversation_id)
    assert broken() == {"open-in-one-state": [named], "spans-apart": [named]}


def test_an_ended_conversation_that_still_waits(busy: Project) -> None:
    entry = waiting(busy)
    now = timezone.now()
    change(entry.conversation, ended_at=now, typification=order_status(busy))
    assert broken() == {"ended-in-no-state": [str(entry.conversation_id)]}


def test_an_ended_conversation_that_still_takes_a_slot(busy: Project) -> None:
    assignment = served(busy)
    change(assignment.conversation, ended_at=timezone.now(), typification=order_status(busy))
    assert broken() == {"ended-in-no-state": [str(assignment.conversation_id)]}


def test_an_ending_without_a_typification(busy: Project) -> None:
    without("conversations_conversation.conversation_ended_has_typification")
    ended = Conversation.objects.filter(ended_at__isnull=False).first()
    change(ended, typification=None)
    assert broken() == {"ended-with-typification": [str(ended.pk)]}


def test_somebody_blocked_who_is_served(busy: Project) -> None:
    conversation = served(busy).conversation
    change(conversation.contact, blocked_at=timezone.now())
    assert broken() == {"blocked-are-out": [str(conversation.pk)]}


def test_somebody_merged_who_kept_something(busy: Project) -> None:
    """Their identity and conversation, and one who was merged into them before."""
    kept, merged, before = Contact.objects.filter(project=busy).order_by("pk")[:3]
    change(merged, merged_into=kept)
    change(before, merged_into=merged)
    assert broken() == {"merged-have-nothing": [str(merged.pk), str(before.pk)]}


def test_spans_that_overlap(busy: Project) -> None:
    """It was served while it still waited."""
    assignment = served(busy)
    change(assignment.queue_entry, ended_at=assignment.started_at + MINUTE)
    assert "spans-apart" in broken()
    assert broken()["spans-apart"] == [str(assignment.conversation_id)]


# P-06: first in, first out


def assign_by_hand(entry: QueueEntry, agent: Agent) -> Assignment:
    """Somebody who does not look at the line."""
    now = timezone.now()
    change(entry, ended_at=now, outcome="assigned")
    load = Assignment.objects.filter(agent=agent, ended_at=None).count()
    return Assignment.objects.create(
        project=entry.project,
        campaign=entry.campaign,
        conversation=entry.conversation,
        agent=agent,
        queue_entry=entry,
        started_at=now,
        reason={"load": load, "limit": 6},
    )


@pytest.fixture
def line(shop: Project, web: Inbox, ana: Agent, bruno: Agent) -> list[QueueEntry]:
    """Three wait, nobody is there; Ana and Bruno have a screen."""
    Screen.objects.bulk_create([Screen(agent=ana), Screen(agent=bruno)])
    arrivals(web, 3)
    return list(QueueEntry.objects.order_by("pk"))


def test_a_younger_one_first_while_the_older_still_waits(
    line: list[QueueEntry], ana: Agent
) -> None:
    jumped = assign_by_hand(line[1], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_a_younger_one_first_and_the_older_later(line: list[QueueEntry], ana: Agent) -> None:
    jumped = assign_by_hand(line[1], ana)
    assign_by_hand(line[0], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_a_younger_one_first_and_the_older_gave_up(line: list[QueueEntry], ana: Agent) -> None:
    jumped = assign_by_hand(line[1], ana)
    closing.abandon(conversation=line[0].conversation)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_the_right_order_is_no_inversion(line: list[QueueEntry], ana: Agent, bruno: Agent) -> None:
    for entry, agent in zip(line, (ana, bruno, ana), strict=True):
        assign_by_hand(entry, agent)
    assert broken() == {}


def test_another_campaigns_queue_is_another_line(line: list[QueueEntry], ana: Agent) -> None:
    sales = Campaign.objects.create(project=ana.project, name="Sales")
    change(line[1], campaign=sales)
    line[1].refresh_from_db()
    assign_by_hand(line[1], ana)
    assert broken() == {}


def test_a_higher_priority_may_go_first(line: list[QueueEntry], ana: Agent) -> None:
    change(line[2], priority=5)
    assign_by_hand(line[2], ana)
    assert broken() == {}


def test_a_lower_priority_may_not(line: list[QueueEntry], ana: Agent) -> None:
    change(line[0], priority=-1)
    jumped = assign_by_hand(line[0], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def return_to_the_line(assignment: Assignment) -> QueueEntry:
    """As a release will: the old place, a new span."""
    now = timezone.now()
    change(assignment, ended_at=now, outcome="released")
    return QueueEntry.objects.create(
        project=assignment.project,
        campaign=assignment.campaign,
        conversation=assignment.conversation,
        arrived_at=assignment.queue_entry.arrived_at,
        entered_at=now,
        is_first=False,
    )


def test_whoever_came_back_has_their_old_place(line: list[QueueEntry], ana: Agent) -> None:
    return_to_the_line(assign_by_hand(line[0], ana))
    jumped = assign_by_hand(line[1], ana)
    assert broken() == {"first-in-first-out": [str(jumped.pk)]}


def test_what_was_assigned_before_they_came_back_was_right(
    line: list[QueueEntry], ana: Agent
) -> None:
    first = assign_by_hand(line[0], ana)
    assign_by_hand(line[1], ana)
    back = return_to_the_line(first)
    assign_by_hand(back, ana)
    assign_by_hand(line[2], ana)
    assert broken() == {}


@pytest.fixture
def two_lines(line: list[QueueEntry], ana: Agent) -> list[QueueEntry]:
    """The oldest waits for Sales, the others for Support; Ana is in both."""
    sales = Campaign.objects.create(project=ana.project, name="Sales")
    ana.campaigns.add(sales)
    change(line[0], campaign=sales)
    return line


def test_the_newer_of_an_agents_two_lines_first(two_lines: list[QueueEntry], ana: Agent) -> None:
    jumped = assign_by_hand(two_lines[1], ana)
    assert broken() == {}, "not to be told while nobody says which campaigns were hers"
    both = sorted(ana.campaigns.values_list("pk", flat=True))
    change(jumped, reason=jumped.reason | {"campaigns": both})
    assert broken() == {"first-of-all-ones-campaigns": [str(jumped.pk)]}


def test_routing_takes_the_older_of_two_lines_and_writes_down_which_there_were(
    two_lines: list[QueueEntry], ana: Agent, shop: Project
) -> None:
    change(ana, capacity=1)
    ready(ana)
    (given,) = routing.fill(shop.pk)
    assert given.entry.pk == two_lines[0].pk
    assert given.reason["campaigns"] == sorted(ana.campaigns.values_list("pk", flat=True))
    assert broken() == {}


# P-07, P-08: evenly, and nobody forgotten


def test_given_to_somebody_who_had_more(line: list[QueueEntry], ana: Agent) -> None:
    assign_by_hand(line[0], ana)
    second = assign_by_hand(line[1], ana)
    change(second, reason=second.reason | {"others": {"Bruno": 0}})
    assert broken() == {"given-to-the-fewest": [str(second.pk)]}
    change(second, reason=second.reason | {"others": {"Bruno": 1}})
    assert broken() == {}


def age_all(seconds: int) -> None:
    """As if all that has happened had happened so long ago."""
    with connection.cursor() as cursor:
        for table, columns in {
            "conversations_queueentry": ("arrived_at", "entered_at"),
            "agents_consolesession": ("opened_at",),
            "agents_agent": ("available_since",),
        }.items():
            for column in columns:
                cursor.execute(
                    f"UPDATE {table} SET {column} = {column} - make_interval(secs => %s)", [seconds]
                )


@pytest.fixture
def forgotten(line: list[QueueEntry], ana: Agent) -> list[str]:
    """Three wait beside Ana, who has been ready for a while: nobody called `fill`."""
    ready(ana)
    age_all(11)
    assert broken() == {}, "somebody may be about to"
    age_all(2)
    return sorted(str(entry.pk) for entry in line)


def test_somebody_waits_beside_a_ready_agent(forgotten: list[str]) -> None:
    assert broken() == {"nobody-waits-beside-room": forgotten}


def become_full(ana: Agent) -> None:
    change(ana, capacity=0)


def pause(ana: Agent) -> None:
    change(ana, is_available=False)


def go(ana: Agent) -> None:
    ana.consoles.update(closed_at=timezone.now(), lease_until=timezone.now())


def vanish(ana: Agent) -> None:
    ana.consoles.update(lease_until=timezone.now() - MINUTE)


def leave_the_campaign(ana: Agent) -> None:
    ana.campaigns.clear()


def come_back_just_now(ana: Agent) -> None:
    ana.consoles.update(opened_at=timezone.now())


def press_accept_just_now(ana: Agent) -> None:
    change(ana, available_since=timezone.now())


@pytest.mark.parametrize(
    "reason",
    [
        become_full,
        pause,
        go,
        vanish,
        leave_the_campaign,
        come_back_just_now,
        press_accept_just_now,
    ],
)
def test_whoever_cannot_take_them_lets_nobody_wait(
    forgotten: list[str], ana: Agent, reason: Callable[[Agent], None]
) -> None:
    reason(ana)
    assert broken() == {}


def test_whose_slot_became_free_a_moment_ago(line: list[QueueEntry], ana: Agent) -> None:
    """The clock has twelve seconds for what a killed process left undone."""
    change(ana, capacity=1)
    ready(ana)
    held = assign_by_hand(line[0], ana)
    change(held, reason=held.reason | {"limit": 1})
    age_all(20)
    assert broken() == {}
    now = timezone.now()
    change(held, ended_at=now, outcome="ended")
    change(held.conversation, ended_at=now, typification=order_status(ana.project))
    change(held, started_at=now - 2 * MINUTE)
    assert "nobody-waits-beside-room" not in broken()


# P-12, P-14


def offer_by_hand(conversation: Conversation, sender: Agent, age: dt.timedelta) -> Offer:
    began = timezone.now() - age
    return Offer.objects.create(
        project=conversation.project,
        conversation=conversation,
        agent=make_agent(conversation.project, "Carla"),
        sender=sender,
        started_at=began,
        expires_at=began + MINUTE,
    )


def test_an_offer_of_what_its_sender_does_not_hold(busy: Project, ana: Agent) -> None:
    made = offer_by_hand(waiting(busy).conversation, ana, MINUTE / 2)
    assert broken() == {"offers-by-their-holders": [str(made.pk)]}


def test_an_offer_that_nobody_ends(busy: Project, ana: Agent) -> None:
    made = offer_by_hand(served(busy).conversation, ana, MINUTE * 1.3)
    assert broken() == {"offers-end": [str(made.pk)]}


def test_an_agent_without_a_push_counter(busy: Project, ana: Agent) -> None:
    Screen.objects.all().delete()
    assert broken() == {"screens-exist": [str(ana.pk)]}


@pytest.fixture
def clinic(mallory: Agent) -> Project:
    return mallory.project


def test_a_conversation_with_another_projects_channel(busy: Project, clinic: Project) -> None:
    conversation = waiting(busy).conversation
    change(conversation, inbox=clinic.inboxes.get())
    assert broken() == {
        "conversations-in-one-project": [str(conversation.pk)],
        "messages-in-their-channel": [str(conversation.messages.get().pk)],
    }


def test_a_conversation_with_another_projects_customer(busy: Project, clinic: Project) -> None:
    stranger = write(clinic.inboxes.get()).conversation
    conversation = waiting(busy).conversation
    change(conversation, contact=stranger.contact, identity=stranger.identity)
    assert broken() == {"conversations-in-one-project": [str(conversation.pk)]}


def test_a_conversation_with_another_projects_typification(busy: Project, clinic: Project) -> None:
    ended = Conversation.objects.filter(ended_at__isnull=False).first()
    change(ended, typification=order_status(clinic))
    assert broken() == {"conversations-in-one-project": [str(ended.pk)]}


def test_an_assignment_to_another_projects_agent(busy: Project, mallory: Agent) -> None:
    assignment = served(busy)
    Screen.objects.create(agent=mallory)
    change(assignment, agent=mallory, reason={"load": 0, "limit": 6})
    assert broken()["assignments-in-one-project"] == [str(assignment.pk)]


def test_a_queue_entry_in_another_projects_campaign(busy: Project, clinic: Project) -> None:
    entry = waiting(busy)
    change(entry, campaign=clinic.campaigns.get())
    assert broken() == {"queue-entries-in-one-project": [str(entry.pk)]}


def test_a_reply_by_another_projects_agent(busy: Project, mallory: Agent) -> None:
    reply = Message.objects.get(author="agent")
    change(reply, agent=mallory)
    assert broken() == {"replies-by-own-agents": [str(reply.pk)]}
    change(reply, agent=None)
    assert broken() == {"replies-by-own-agents": [str(reply.pk)]}


def test_settings_that_point_to_another_project(
    busy: Project, clinic: Project, web: Inbox, ana: Agent
) -> None:
    foreign = clinic.campaigns.get()
    change(web, campaign=foreign)
    ana.campaigns.add(foreign)
    leaf = order_status(busy)
    change(leaf, parent=Typification.objects.get(project=clinic, name="Order"))
    assert broken()["settings-in-one-project"] == sorted(
        [f"agent {ana.pk}", f"channel {web.pk}", f"typification {leaf.pk}"]
    )


# What is looked at, and the command


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
