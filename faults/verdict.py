"""Were the promises kept? Asked of the ledger, the screens, the database and the looks, at rest."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field

from conversations.simulation.customer import Customer
from conversations.simulation.desk import Desk
from conversations.simulation.screen import MESSAGE, ROW, SLOTS
from faults.crowd import Crowd
from faults.kinds import Fault
from faults.ledger import Ledger, Outage
from faults.looking import Looking
from faults.stored import Stored
from faults.vitals import crowded
from faults.world import World

MOST_GROWTH = 150 * 1024 * 1024  # bytes a process may grow in one run
SLACK = 0.5  # seconds between two of our own looks


def behind(world: World, crowd: Crowd) -> list[str]:
    """Whose page lacks something that the database has."""
    stored = Stored.of(world, crowd.scene["project"])
    look = Verdict()
    for customer in list(crowd.customers):
        customer_has_all(look, stored, customer)
    for desk in crowd.desks.values():
        agent_sees(look, stored, desk)
    return look.broken


@dataclass
class Verdict:
    """`broken`: sentences that begin with the promise; none when all were kept."""

    broken: list[str] = field(default_factory=list)
    back: list[float] = field(default_factory=list)  # seconds until a page was complete again
    stall: float = 0.0  # the longest an accepted message took to an agent's screen
    delay: float = 0.0  # the longest until a message or a post was answered
    accepted: int = 0

    def unless(self, holds: object, sentence: str) -> None:
        if not holds:
            self.broken.append(sentence)


def judge(
    world: World,
    crowd: Crowd,
    ledger: Ledger,
    looking: Looking,
    fault: Fault,
    begun: float,
    healed: float,
) -> Verdict:
    verdict, project = Verdict(), crowd.scene["project"]
    stored = Stored.of(world, project)
    kept(verdict, stored, ledger)
    said(verdict, stored, ledger)
    for customer in list(crowd.customers):
        customer_sees(verdict, stored, ledger, customer)
    for desk in crowd.desks.values():
        agent_sees(verdict, stored, desk)
        crowd.call(same_as_anew(verdict, desk))
    returned(verdict, ledger, crowd, fault, begun, healed)
    waited(verdict, looking, fault, begun, healed)
    shown(verdict, looking, fault, begun)
    for desk in crowd.desks.values():
        verdict.unless(not desk.problems, f"P-13 {desk.name} was refused: {desk.problems[:2]}")
    for each in crowd.customers:
        verdict.unless(not each.refused, f"P-13 {each.story.name} was refused: {each.refused[:2]}")
    answer = json.loads(world.manage("check_invariants", "--json", "--project", project))
    for check in answer["checks"]:
        verdict.unless(check["holds"], f"{check['promise']} {check['name']}: {check['ids'][:3]}")
    verdict.stall = longest_stall(stored, ledger)
    accepted(verdict, ledger, fault)
    return verdict


def accepted(verdict: Verdict, ledger: Ledger, fault: Fault) -> None:
    """All but the one whose own line it was are answered in time."""
    acks = [at - ledger.sent[pk][0] for pk, (at, _) in ledger.acked.items()]
    delays = sorted([*acks, *ledger.answered])
    verdict.accepted, verdict.delay = len(acks), delays[-1]
    in_time = not fault.accepts or delays[-2] <= fault.accepts + SLACK
    verdict.unless(in_time, f"P-16 somebody was answered after {delays[-2]:.1f} s")


def kept(verdict: Verdict, stored: Stored, ledger: Ledger) -> None:
    """Accepted is stored, once, in the conversation that was said."""
    found = defaultdict(list)
    for pk, conversation, _seq, _author, text in stored.messages:
        found[pk].append((conversation, text))
    for pk, (_at, conversation) in ledger.acked.items():
        expected = [(conversation, ledger.sent[pk][2])]
        if not found[pk]:
            verdict.broken.append(f"P-01 {pk} was accepted and is lost")
        elif found[pk] != expected:
            verdict.broken.append(f"P-02 {pk} is stored as {found[pk]}, not {expected}")


def said(verdict: Verdict, stored: Stored, ledger: Ledger) -> None:
    """A customer's lines stand in the order in which they were written, none twice."""
    orders: dict[str, list[float]] = defaultdict(list)
    texts = [text for _, _, _, author, text in stored.messages if author == "contact"]
    verdict.unless(len(texts) == len(set(texts)), "P-02 a customer's line is stored twice")
    for pk, conversation, _seq, author, _text in stored.messages:
        if author == "contact" and pk in ledger.sent:
            orders[conversation].append(ledger.sent[pk][0])
    for conversation, order in orders.items():
        verdict.unless(order == sorted(order), f"P-03 {conversation} is in another order: {order}")


def customer_sees(verdict: Verdict, stored: Stored, ledger: Ledger, customer: Customer) -> None:
    customer_has_all(verdict, stored, customer)
    if not customer.conversation:
        return
    verdict.unless(
        not customer.unsent, f"P-10 {customer.story.name} has unsent lines: {customer.unsent}"
    )
    texts = {pk: (seq, text) for pk, _, seq, _, text in stored.messages}
    read = ledger.read[customer.story.name, customer.conversation]
    for seq, pk, text in read:
        stands = texts.get(pk, (seq, text))
        verdict.unless(
            stands[0] == seq and stands[1] in ("", text),
            f"P-03 {customer.story.name} read {pk} as {seq} {text!r}, not {stands}",
        )
    ids = [pk for _, pk, _ in read]
    verdict.unless(len(ids) == len(set(ids)), f"P-02 {customer.story.name} read a message twice")


def customer_has_all(verdict: Verdict, stored: Stored, customer: Customer) -> None:
    if customer.conversation:
        thread, place = stored.thread(customer.conversation), customer.place
        verdict.unless(
            place.conversation == customer.conversation and place.after == len(thread),
            f"P-01 {customer.story.name}'s page has {place.after} of {len(thread)} messages",
        )


def agent_sees(verdict: Verdict, stored: Stored, desk: Desk) -> None:
    mine = {conversation for name, conversation, _ in stored.held if name == desk.name}
    on_screen = set(desk.screen.rows)
    verdict.unless(
        mine == on_screen,
        f"P-12 {desk.name} holds {len(mine)} and sees {len(on_screen)}: "
        f"missing {mine - on_screen}, too many {on_screen - mine}",
    )
    for conversation, thread in desk.screen.threads.items():
        shown = sorted((seq, pk) for pk, (seq, _) in thread.items())
        verdict.unless(
            shown == stored.thread(conversation),
            f"P-12 {desk.name}'s thread {conversation} shows {[seq for seq, _ in shown]} "
            f"of {len(stored.thread(conversation))}",
        )


async def same_as_anew(verdict: Verdict, desk: Desk) -> None:
    """State + pushes = state: what only heard pushes looks like what is asked for now."""
    async with asyncio.timeout(30):
        for conversation in ["", *desk.screen.threads]:
            answer = await desk.ask(conversation, 0)
            if answer is None:
                verdict.broken.append(f"P-12 {desk.name} may not see {conversation} any more")
                continue
            revision, html = answer
            rows = {found.group(1): found.group() for found in ROW.finditer(html)}
            differ = [pk for pk in rows if rows[pk] != desk.screen.rows.get(pk)]
            verdict.unless(
                rows.keys() == desk.screen.rows.keys() and not differ,
                f"P-12 {desk.name}'s rows differ from those asked anew: {differ}",
            )
            slots = SLOTS.findall(html)
            verdict.unless(
                slots == [desk.screen.slots],
                f"P-12 {desk.name}'s slots say {desk.screen.slots}, not {slots}",
            )
            verdict.unless(
                revision == desk.screen.revision,
                f"P-12 {desk.name}'s screen is at {desk.screen.revision}, not {revision}",
            )
            messages = {m.group(2): m.group() for m in MESSAGE.finditer(html)}
            thread = desk.screen.threads.get(conversation, {})
            looks = [pk for pk in thread if thread[pk][1] != messages.get(pk)]
            verdict.unless(not looks, f"P-12 {desk.name}'s messages look different: {looks}")


def returned(
    verdict: Verdict, ledger: Ledger, crowd: Crowd, fault: Fault, begun: float, healed: float
) -> None:
    """Lines that were lost are back, and the page complete, in time."""
    here = {*crowd.desks, *(customer.story.name for customer in crowd.customers)}
    for outage in ledger.all_outages():
        if outage.back is None:
            verdict.unless(outage.who not in here, f"P-09 {outage.who} is not back at all")
            continue
        took = outage.back - counts_from(outage, fault, healed)
        if outage.back < begun or took <= 0:
            continue
        verdict.back.append(took)
        verdict.unless(
            took <= fault.back * crowded() + SLACK, f"P-09 {outage.who} was back after {took:.1f} s"
        )


def counts_from(outage: Outage, fault: Fault, healed: float) -> float:
    return max(outage.lost, healed) if fault.blocks else outage.lost


def waited(verdict: Verdict, looking: Looking, fault: Fault, begun: float, healed: float) -> None:
    for entry, stretches in looking.left.items():
        for stretch in stretches:
            seconds = stretch.end - stretch.begin
            if fault.blocks and stretch.begin < healed and stretch.end > begun:
                seconds = max(begun - stretch.begin, stretch.end - healed)
            verdict.unless(
                seconds <= fault.waits * crowded() + SLACK,
                f"P-08 entry {entry} waited {seconds:.1f} s while somebody was ready",
            )


def shown(verdict: Verdict, looking: Looking, fault: Fault, begun: float) -> None:
    if fault.shows:
        after = looking.shown_after(begun, fault.shows)
        verdict.unless(
            after is not None and after <= 10,
            f"P-17 /readyz said nothing of {fault.shows} within 10 s ({after})",
        )
    verdict.unless(looking.gets_well(), f"P-17 /readyz is not well: {looking.missing}")


def longest_stall(stored: Stored, ledger: Ledger) -> float:
    """Seconds from an accepted message of a customer with an agent to the agent's screen."""
    stalls = [0.0]
    for pk, (at, conversation) in ledger.acked.items():
        since = stored.given.get(conversation)
        if since and pk in ledger.shown:
            stalls.append(ledger.shown[pk] - max(at, since))
    return max(stalls)


def grown(before: dict[str, int], after: dict[str, int]) -> list[str]:
    return [
        f"P-16 {name} grew by {(after[name] - size) // 2**20} MiB"
        for name, size in before.items()
        if after.get(name, 0) - size > MOST_GROWTH
    ]
