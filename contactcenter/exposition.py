"""What /metrics says beside the counts of `agents.counting`: how this process is, and what the
database knows. Asked at the moment somebody reads; docs/running.md says what each line means."""

from collections.abc import Iterable, Iterator

from prometheus_client import REGISTRY, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from agents import publishing
from contactcenter import watching
from conversations import heartbeat
from conversations.readings import Readings

PATIENCE = 1.0  # seconds for the database's facts; without them the rest is told

Family = CounterMetricFamily | GaugeMetricFamily


def gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"contactcenter_{name}", text, labels=labels)


def counter(name: str, text: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"contactcenter_{name}", text, labels=labels)


class ThisProcess(Collector):
    def describe(self) -> Iterable[Family]:
        return ()  # nobody is asked before somebody reads

    def collect(self) -> Iterator[Family]:
        yield from self._parts()
        yield from self._pushes()
        yield from self._sockets()
        yield from self._pool()

    def _parts(self) -> Iterator[Family]:
        missing = watching.missing()
        family = gauge("up", "What /readyz looks at: 1 = there, 0 = missing.", "part")
        for part in watching.PARTS:
            family.add_metric([part], part not in missing)
        yield family

    def _pushes(self) -> Iterator[Family]:
        family = counter("pushes", "Pushes and doorbells handed to Redis.", "result")
        for result in ("published", "failed", "dropped"):
            family.add_metric([result], publishing.counts[result])
        yield family
        waiting = gauge("pushes_waiting", "Pushes on their way to Redis.")
        waiting.add_metric([], publishing.waiting())
        yield waiting

    def _sockets(self) -> Iterator[Family]:
        family = gauge("sockets", "Open sockets of this process.", "kind")
        for kind, number in heartbeat.sockets().items():
            family.add_metric([kind], number)
        yield family
        late = gauge("heartbeat_late_seconds", "How long the heartbeat's turn is overdue.")
        late.add_metric([], heartbeat.lateness())
        yield late

    def _pool(self) -> Iterator[Family]:
        stats = watching.pool_stats()
        family = gauge("pool_connections", "Database connections of this process.", "state")
        size, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
        family.add_metric(["used"], size - free)
        family.add_metric(["free"], free)
        yield family
        waiting = gauge("pool_waiting", "Who waits for a database connection.")
        waiting.add_metric([], stats.get("requests_waiting", 0))
        yield waiting
        failed = counter("pool_failures", "Who waited in vain for a database connection.")
        failed.add_metric([], stats.get("requests_errors", 0))
        yield failed


class TheDatabase(Collector):
    def describe(self) -> Iterable[Family]:
        return ()

    def collect(self) -> Iterator[Family]:
        look = watching.facts
        is_known = look.again(PATIENCE) and look.problem is None
        known = gauge("facts_known", "Whether the database told its facts in time.")
        known.add_metric([], is_known)
        yield known
        if is_known:
            yield from self._of_projects(look.answer)
            yield from self._of_all(look.answer)

    def _of_projects(self, read: Readings) -> Iterator[Family]:
        for name, text, values in (
            ("waiting", "Conversations that wait.", read.waiting),
            ("longest_wait_seconds", "How long the first of them has waited.", read.longest),
            ("agents_online", "Agents with an open console.", read.online),
            ("agents_available", "Of them, who accepts conversations.", read.available),
        ):
            family = gauge(name, text, "project")
            for project, value in values.items():
                family.add_metric([project], value)
            yield family
        for name, text, counts in (
            ("waits_ended", "Waits that ended in the last hour.", read.waits_ended),
            ("servings_ended", "Assignments that ended in the last hour.", read.servings_ended),
        ):
            family = gauge(name, text, "project", "outcome")
            for (project, outcome), value in counts.items():
                family.add_metric([project, outcome], value)
            yield family

    def _of_all(self, read: Readings) -> Iterator[Family]:
        given = counter("assignments", "Assignments ever, by all processes.")
        given.add_metric([], read.assignments)
        yield given
        for name, text, value in (
            ("leases_expired", "Consoles that vanished in the last hour.", read.leases_expired),
            ("outbox_pending", "Messages on their way to a provider.", read.deliveries_pending),
            ("outbox_age_seconds", "How long the oldest is overdue.", read.oldest_delivery),
            ("files_checking", "Files that wait for their verdict.", read.files_checking),
            ("files_age_seconds", "How long the oldest of them waits.", read.oldest_file),
        ):
            family = gauge(name, text)
            family.add_metric([], value)
            yield family


disable_created_metrics()
REGISTRY.register(ThisProcess())
REGISTRY.register(TheDatabase())
