"""Ended conversations by the hundred thousand: one statement a table, with ids of their own, and
without the checks that each row would ask for (they are as the verbs leave them)."""

from django.db import connection

from agents.models import Project
from bench.inside.crowd import analyze
from contactcenter.testing import order_status

UNCHECKED = "SET session_replication_role = replica"
CHECKED = "SET session_replication_role = DEFAULT"
# One a minute until yesterday; names of four words out of a few thousand.
TABLES = (
    """
INSERT INTO conversations_contact (id, project_id, name, language, details, created_at)
SELECT {first} + n, {project}, 'Lucía ' || substr(md5(n::text), 1, 6) || ' ' || n, 'en', '{{}}',
       now() FROM generate_series(1, {count}) AS n
""",
    """
INSERT INTO conversations_identity (id, contact_id, project_id, kind, value, secret)
SELECT {first} + n, {first} + n, {project}, 'visitor', 'web-' || ({first} + n), md5('h' || n)
FROM generate_series(1, {count}) AS n
""",
    """
INSERT INTO conversations_conversation
    (id, project_id, inbox_id, campaign_id, contact_id, identity_id, started_at, ended_at,
     ended_by_id, typification_id, comment, last_seq, agent_read_seq, contact_read_seq)
SELECT md5('c' || n)::uuid, {project}, {inbox}, {campaign}, {first} + n, {first} + n,
       now() - interval '1 day' - n * interval '1 minute',
       now() - interval '1 day' - n * interval '1 minute' + interval '5 minutes',
       {agents}[1 + n % array_length({agents}, 1)], {reason}, '', 2, 2, 2
FROM generate_series(1, {count}) AS n
""",
    """
INSERT INTO conversations_message
    (conversation_id, inbox_id, seq, client_id, author, agent_id, text, event, created_at)
SELECT md5('c' || n)::uuid, {inbox}, seq, md5('m' || n || '-' || seq)::uuid,
       CASE seq WHEN 1 THEN 'contact' ELSE 'agent' END,
       CASE seq WHEN 2 THEN {agents}[1 + n % array_length({agents}, 1)] END,
       'Where is order ' || n || '?', '', now() - interval '1 day' - n * interval '1 minute'
FROM generate_series(1, {count}) AS n, generate_series(1, 2) AS seq
""",
    """
INSERT INTO conversations_queueentry
    (id, project_id, campaign_id, conversation_id, priority, arrived_at, entered_at, ended_at,
     outcome, is_first)
SELECT {first} + n, {project}, {campaign}, md5('c' || n)::uuid, 0, at, at,
       at + interval '20 seconds', 'assigned', true
FROM (SELECT n, now() - interval '1 day' - n * interval '1 minute' AS at
      FROM generate_series(1, {count}) AS n) AS each
""",
    """
INSERT INTO conversations_assignment
    (project_id, campaign_id, conversation_id, agent_id, queue_entry_id, started_at, opened_at,
     ended_at, outcome, reason)
SELECT {project}, {campaign}, md5('c' || n)::uuid,
       {agents}[1 + n % array_length({agents}, 1)], {first} + n, at + interval '20 seconds',
       at + interval '25 seconds', at + interval '5 minutes', 'ended',
       '{{"load": 3, "limit": 6, "others": {{}}, "skipped": {{}}, "candidates": 1}}'
FROM (SELECT n, now() - interval '1 day' - n * interval '1 minute' AS at
      FROM generate_series({count}, 1, -1) AS n) AS each
""",
)


def make_history(shop: Project, count: int) -> None:
    """So many conversations that its agents had and ended."""
    inbox = shop.inboxes.get()
    agents = list(shop.agents.order_by("pk").values_list("pk", flat=True))
    values = {
        "project": shop.pk,
        "inbox": inbox.pk,
        "campaign": inbox.campaign_id,
        "agents": f"(ARRAY{agents})",
        "reason": order_status(shop).pk,
        "count": count,
        "first": 100_000_000,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNCHECKED)
        for table in TABLES:
            cursor.execute(table.format(**values))
        cursor.execute(CHECKED)
    analyze()
