"""What happened in this process, counted for /metrics (docs/running.md says what each means).

Only what no row of the database tells. Each process has its own counts, and they begin anew with
it. An increment costs about a microsecond: the children are made here, not looked up each time.
"""

from prometheus_client import Counter, Histogram

# Seconds. An ack takes 2 ms on a good day, a start may take 50, nobody should wait longer than 2 s.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
AUTHORS = ("contact", "agent", "bot", "system")
# Why a console asked for its whole screen, in its own words; whatever else it says is "other".
WHY = ("start", "reconnect", "gap", "beat", "much", "closed", "other")

_messages = Counter("contactcenter_messages", "Messages stored, by author.", ["author"])
_by_author = {author: _messages.labels(author) for author in AUTHORS}
_refreshes = Counter("contactcenter_refreshes", "Whole screens consoles asked for.", ["why"])
_by_why = {why: _refreshes.labels(why) for why in WHY}

acks = Histogram(
    "contactcenter_ack_seconds", "A customer's message, from frame to ack.", buckets=BUCKETS
)
replies = Histogram(
    "contactcenter_reply_seconds", "An agent's message, from post to answer.", buckets=BUCKETS
)
fills = Histogram(
    "contactcenter_fill_seconds", "A run of fill, with its wait for the lock.", buckets=BUCKETS
)
emptied = Counter("contactcenter_redis_emptied", "How often Redis was found emptied.")


def stored(author: str) -> None:
    """A message got its number (the few whose transaction is undone afterwards count, too)."""
    _by_author[author].inc()


def refreshed(why: str | None) -> None:
    """What a page says of itself is counted and trusted for nothing else."""
    _by_why.get(why or "other", _by_why["other"]).inc()
