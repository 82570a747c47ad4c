"""Two looks that go on while things break: is anybody left waiting, and what /readyz says."""

import threading
import time
from dataclasses import dataclass, field

import psycopg

from contactcenter.embedded.waiting import becomes
from faults.world import WEBS, World

# Somebody waits and somebody is ready for them, asked in SQL of its own.
LEFT_WAITING = """
SELECT e.id FROM conversations_queueentry AS e
JOIN agents_project AS p ON p.id = e.project_id
WHERE p.slug = %s AND e.ended_at IS NULL AND EXISTS (
    SELECT FROM agents_agent AS a
    JOIN agents_agent_campaigns AS member ON member.agent_id = a.id
    WHERE member.campaign_id = e.campaign_id AND a.is_active AND a.is_agent AND a.is_available
      AND EXISTS (SELECT FROM agents_consolesession AS c
                  WHERE c.agent_id = a.id AND c.lease_until > clock_timestamp())
      AND (SELECT count(*) FROM conversations_assignment AS s
           WHERE s.agent_id = a.id AND s.ended_at IS NULL) < coalesce(a.capacity, p.capacity))
"""
EVERY = 0.2  # seconds between two looks
HEALS = 15.0  # seconds for /readyz


@dataclass
class Stretch:
    """From the first to the last look at which something was so."""

    begin: float
    end: float


@dataclass
class Looking:
    """`left` are the stretches in which a queue entry waited in vain; `missing` what each web
    process said at which moment. Times are of `time.time`."""

    world: World
    project: str
    left: dict[int, list[Stretch]] = field(default_factory=dict)
    missing: dict[str, list[tuple[float, int, list[str]]]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        targets = [self._watch_queue, *[lambda web=web: self._watch_web(web) for web in WEBS]]
        self.threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(10)

    def _watch_queue(self) -> None:
        while not self.over.is_set():
            try:
                with psycopg.connect(self.world.postgres.url, autocommit=True) as connection:
                    self._look(connection)
            except psycopg.Error:
                self.over.wait(EVERY)

    def _look(self, connection: "psycopg.Connection[tuple[int]]") -> None:
        before: set[int] = set()
        while not self.over.wait(EVERY):
            rows = connection.execute(LEFT_WAITING, [self.project]).fetchall()
            now, found = time.time(), {entry for (entry,) in rows}
            for entry in found & before:
                self.left[entry][-1].end = now
            for entry in found - before:
                self.left.setdefault(entry, []).append(Stretch(now, now))
            before = found

    def _watch_web(self, web: str) -> None:
        said = self.missing.setdefault(web, [])
        while not self.over.is_set():
            asked = time.time()
            status, missing = self.world.readyz(web)
            if not said or said[-1][1:] != (status, missing):
                said.append((asked, status, missing))
            self.over.wait(2 * EVERY)

    def shown_after(self, since: float, part: str) -> float | None:
        """Seconds until any web process missed `part`; None if none did yet."""
        moments = [
            at
            for said in self.missing.values()
            for at, _status, missing in said
            if at >= since - 0.5 and part in missing
        ]
        return max(0.0, min(moments) - since) if moments else None

    def is_well(self) -> bool:
        return all(said and said[-1][1:] == (200, []) for said in self.missing.values())

    def gets_well(self) -> bool:
        """What a stopped worker said last counts a while longer: it may be missed only now, and
        the next one has to start."""
        return becomes(self.is_well, HEALS)
