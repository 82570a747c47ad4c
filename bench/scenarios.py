"""All that is measured, in the order of the report; a new one is a `measure` and its rows here."""

from functools import partial

from bench import files, lines, messages, pages, starts
from bench.scenario import (
    Row,
    Scenario,
    at_least,
    at_least_times,
    at_most,
    at_most_times,
)
from bench.turns import alone, inside, small_and_large, two_webs, with_floor

STARTS = partial(
    Scenario, measure=partial(alone, starts.starts), zeros=("refused", "not_seen", "died")
)
NOTHING_LOST = ("refused", "lost", "doubled", "reordered", "reached_a_stranger")

GROWTH = {
    "list": "the console's page",
    "refresh": "its refresh",
    "open": "opening a conversation",
    "older": "older messages",
    "assign": "a freed slot given out",
    "position": "a customer's place in the line",
    "figures": "the figures",
    "returning": "a returning visitor",
    "find_contact": "finding a customer by name",
    "find_conversation": "finding their conversation by name",
    "history": "History's first page",
    "history_deep": "a page of History deep down",
    "history_agent": "History of one agent",
    "history_campaign": "History of one campaign",
    "history_name": "History searched by name",
    "history_thread": "a conversation read in History",
    "admin_list": "the supervisors' list of conversations",
}

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
                "per_second", "/s", at_least_times(2)),
            Row("giving_cpu", "the same, by the CPU of client and PostgreSQL",
                "per_cpu_second", "/s", at_least_times(2)),
            Row("giving_all", "6,000 waiting onto 1,000 agents: until all are given out",
                "all_seconds", "s", at_most(1)),
            Row("giving_one_of_10", "one waiting, 10 agents", "one_onto_10_ms", "ms", at_most(10)),
            Row("giving_one_of_100", "one waiting, 100 agents",
                "one_onto_100_ms", "ms", at_most(10)),
            Row("giving_one_of_1000", "one waiting, 1,000 agents",
                "one_onto_1000_ms", "ms", at_most(10)),
        ),
        full={"agents": 1000, "waiting": 6000, "ones": 40},
        quick={"agents": 1000, "waiting": 6000, "ones": 10},
    ),
    Scenario(
        "assigners",
        partial(inside, "assigners"),
        (
            Row("assigners_spread", "16 assigners at once: spread of the loads", "spread", "",
                at_most(1)),
            Row("assigners_order", "16 assigners at once: out of turn", "out_of_turn", "",
                at_most(0)),
            Row("assigners_rate", "16 processes that bring in customers: starts a second",
                "starts_per_second", "/s"),
        ),
        full={"processes": 16, "agents": 100, "customers": 3000, "limit": 25},
        quick={"processes": 16, "agents": 20, "customers": 300, "limit": 12},
        zeros=("over_limit", "out_of_turn", "uneven", "broken_invariants"),
    ),
    Scenario(
        "snapshot",
        partial(inside, "snapshot"),
        (
            Row("snapshot_kept", "another transaction holds a snapshot for 60 s: "
                "what is kept of the assignment rate", "kept", "×", at_least(0.5)),
            Row("snapshot_kept_cpu", "the same, by CPU", "kept_of_cpu", "×", at_least(0.5)),
            Row("snapshot_rate", "assignments a second at its end", "held_per_second", "/s"),
        ),
        full={"seconds": 60, "agents": 50},
        quick={"seconds": 6, "agents": 20},
        rounds=1,
    ),
    Scenario(
        "lines",
        partial(with_floor, lines.idle),
        (
            Row("console_memory", "memory of an idle console", "console_kib", "KiB", at_most(50)),
            Row("visitor_memory", "memory of an idle visitor", "visitor_kib", "KiB", at_most(50)),
            Row("connects", "consoles that connect, a second", "connects_per_second", "/s"),
        ),
        full={"lines": 1000},
        quick={"lines": 200},
    ),
    Scenario(
        "reconnect",
        lines.reconnect,
        (
            Row("reconnect", "1,000 consoles reconnect: until all are complete",
                "all_back_seconds", "s", at_most(10)),
            Row("reconnect_cpu", "the same: CPU of the web process for each",
                "web_cpu_ms_a_console", "ms"),
        ),
        full={"consoles": 1000},
        quick={"consoles": 150},
    ),
    STARTS(
        "starts",
        rows=(
            Row("starts_p99", "start → assigned → on the screen, 100 starts/s: p99",
                "start_p99_ms", "ms", at_most(50)),
            Row("starts_p50", "the same: p50", "start_p50_ms", "ms"),
            Row("starts_cpu", "the same: CPU of the web process for each start",
                "cpu_web_ms", "ms"),
        ),
        full={"rate": 100, "seconds": 15},
        quick={"rate": 100, "seconds": 5},
    ),
    STARTS(
        "starts_calm",
        rows=(
            Row("starts_calm_p50", "start → assigned → on the screen, 20 starts/s: p50",
                "start_p50_ms", "ms"),
            Row("starts_calm_p99", "the same: p99", "start_p99_ms", "ms"),
        ),
        full={"rate": 20, "seconds": 15},
        quick={"rate": 20, "seconds": 4},
    ),
    Scenario(
        "two_webs",
        partial(two_webs, messages.saturate),
        (
            Row("two_webs", "messages a second of two web processes, beside one",
                "messages_per_second", "/s"),
        ),
        full={"seconds": 10},
        quick={"seconds": 3},
        zeros=NOTHING_LOST,
    ),
    Scenario(
        "pages",
        partial(alone, pages.pages, clock=False),
        (
            Row("page_console_http", "the console's page, asked for over HTTP: p50",
                "console_p50_ms", "ms"),
            Row("page_console_cpu", "the same: CPU of the web process", "console_cpu_ms", "ms",
                at_most(22)),
            Row("page_console_statements", "the same: statements", "console_statements", ""),
            Row("page_opening_http", "opening a conversation, over HTTP: p50",
                "opening_p50_ms", "ms"),
            Row("page_opening_cpu", "the same: CPU of the web process", "opening_cpu_ms", "ms",
                at_most(25)),
            Row("page_file_cpu", "a static file: CPU of the web process", "file_cpu_ms", "ms"),
        ),
        full={"calls": 150},
        quick={"calls": 30},
    ),
    Scenario(
        "files",
        partial(alone, files.files, files=True),
        (
            Row("image_ready_p95", "a 12-megapixel picture, from 201 to ready, one worker: p95",
                "image_p95_ms", "ms"),
            Row("image_cpu", "the same: CPU of what checks it", "image_cpu_ms", "ms"),
            Row("video_ready_p95", "a film of 16 MB (1080p), from 201 to ready: p95",
                "video_p95_ms", "ms"),
            Row("video_cpu", "the same: CPU of what checks it", "video_cpu_ms", "ms"),
            Row("bomb_cpu", "the worst bomb: CPU of what checks it", "bomb_worst_cpu_ms", "ms",
                at_most(12_000)),
            Row("bomb_verdict", "the same: from 201 to its refusal", "bomb_worst_ms", "ms"),
            Row("bombs_memory", "the worker's own processes while bombs go through: growth",
                "worker_growth_mb", "MB", at_most(20)),
            Row("files_memory", "the same: resident at most", "worker_peak_mb", "MB"),
        ),
        full={"images": 20, "videos": 8},
        quick={"images": 6, "videos": 3},
        zeros=("image_refused", "video_refused", "bombs_taken"),
        rounds=1,
    ),
    Scenario(
        "growth",
        small_and_large,
        (
            *(Row(f"growth_{key}", f"10,000 → 1,000,000 conversations: {what}", f"{key}_cpu_ms",
                  "ms", at_most_times(1.1)) for key, what in GROWTH.items()),
            Row("page_console", "the console's page on the server", "list_ms", "ms", at_most(22)),
            Row("page_open", "opening a conversation on the server", "open_ms", "ms", at_most(25)),
            Row("growth_offset", "pages that skip rows (OFFSET)", "offsets", "", at_most(0)),
            Row("growth_count", "pages that count customers' work without an end", "counts", "",
                at_most(0)),
        ),
        full={"small": 10_000, "large": 1_000_000, "calls": 60},
        quick={"small": 2_000, "large": 40_000, "calls": 20},
    ),
)  # fmt: skip
