"""All that is measured, in the order of the report; a new one is a `measure` and its rows here."""

from functools import partial

from bench import messages
from bench.scenario import (
    Row,
    Scenario,
    at_least_times,
    at_most,
    at_most_times,
)
from bench.turns import inside, with_floor

NOTHING_LOST = ("refused", "lost", "doubled", "reordered", "reached_a_stranger")

SCENARIOS = (
    Scenario(
        "steady",
        partial(with_floor, messages.steady),
        (
            Row("screen_p50", "accepted message on the agent's screen, 50/s, 100 sockets: p50",
                "shown_p50_ms", "ms", at_most_times(1.5)),
            Row("screen_p99", "the same: p99", "shown_p99_ms", "ms", at_most_times(2)),
            Row("cpu_per_message", "CPU an accepted message, all processes",
                "cpu_ms_per_message", "ms", at_most_times(1.7)),
        ),
        full={"rate": 50, "seconds": 20},
        quick={"rate": 50, "seconds": 6},
        zeros=NOTHING_LOST,
    ),
    Scenario(
        "saturate",
        partial(with_floor, messages.saturate),
        (
            Row("messages_per_second", "messages a second of one web process",
                "messages_per_second", "/s", at_least_times(0.6)),
        ),
        full={"seconds": 10},
        quick={"seconds": 4},
        zeros=NOTHING_LOST,
    ),
    Scenario(
        "burst",
        partial(with_floor, messages.burst),
        (
            Row("burst", "500 messages at one instant: until the last is on a screen",
                "all_shown_seconds", "s"),
            Row("burst_lost", "500 messages at one instant: lost", "lost", "", at_most(0)),
        ),
        quick={"customers": 200},
        zeros=NOTHING_LOST,
    ),
    Scenario(
        "giving",
        partial(inside, "giving"),
        (
            Row("giving_rate", "giving out work: 6,000 waiting onto 1,000 agents",
                "assignments_per_second", "/s", at_least_times(2)),
            Row("giving_all", "6,000 waiting onto 1,000 agents: until all are given out",
                "fill_seconds", "s", at_most(1)),
            Row("giving_one_of_10", "one waiting, 10 agents", "one_onto_10_ms", "ms", at_most(10)),
            Row("giving_one_of_100", "one waiting, 100 agents",
                "one_onto_100_ms", "ms", at_most(10)),
            Row("giving_one_of_1000", "one waiting, 1,000 agents",
                "one_onto_1000_ms", "ms", at_most(10)),
        ),
        full={"agents": 1000, "waiting": 6000, "ones": 40},
        quick={"agents": 1000, "waiting": 6000, "ones": 10},
    ),
)  # fmt: skip
