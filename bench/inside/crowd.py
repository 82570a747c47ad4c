"""Many people and many conversations at once, in one statement each: what verbs would make in
hours. Every row is as the verbs leave it; `manage.py check_invariants` finds nothing."""

from django.db import connection

from agents.models import Project
from contactcenter.testing import make_project

AGENTS = """
WITH people AS (
    INSERT INTO agents_user (username, password, first_name, last_name, email, is_staff,
                             is_active, is_superuser, date_joined)
    SELECT %(slug)s || '-' || n, '', 'Agent ' || n, '', '', false, true, false, now()
    FROM generate_series(1, %(count)s) AS n RETURNING id
), staff AS (
    INSERT INTO agents_agent (user_id, project_id, language, is_active, is_agent, is_supervisor,
                              is_available, availability_reason, available_since)
    SELECT id, %(project)s, 'en', true, true, false, true, '', now() FROM people
    ORDER BY id RETURNING id
), teams AS (
    INSERT INTO agents_agent_campaigns (agent_id, campaign_id)
    SELECT id, %(campaign)s FROM staff
)
INSERT INTO agents_consolesession (agent_id, session_key, lease_until, online_until)
SELECT id, 'bench', now() + interval '1 day', now() + interval '1 day' FROM staff
"""

CUSTOMERS = """
WITH contacts AS (
    INSERT INTO conversations_contact (project_id, name, language, details, created_at)
    SELECT %(project)s, 'Customer ' || n, 'en', '{}', now()
    FROM generate_series(1, %(count)s) AS n RETURNING id
), identities AS (
    INSERT INTO conversations_identity (contact_id, project_id, kind, value, secret)
    SELECT id, %(project)s, 'visitor', 'web-' || id, md5(id::text)
    FROM contacts RETURNING id, contact_id
), cases AS (
    INSERT INTO conversations_conversation
        (id, project_id, inbox_id, campaign_id, contact_id, identity_id, started_at, comment,
         last_seq, agent_read_seq, contact_read_seq)
    SELECT gen_random_uuid(), %(project)s, %(inbox)s, %(campaign)s, contact_id, id,
           clock_timestamp(), '', 1, 0, 0
    FROM identities RETURNING id, started_at
), first_words AS (
    INSERT INTO conversations_message
        (conversation_id, inbox_id, seq, client_id, author, text, event, created_at)
    SELECT id, %(inbox)s, 1, gen_random_uuid(), 'contact', 'Hello', '', started_at FROM cases
)
INSERT INTO conversations_queueentry
    (project_id, campaign_id, conversation_id, priority, arrived_at, entered_at, outcome, is_first)
SELECT %(project)s, %(campaign)s, id, 0, started_at, started_at, '', true FROM cases
"""


def make_shop(agents: int, limit: int) -> Project:
    """A project with so many agents who are there and accept, each up to the limit."""
    shop = make_project("Bench", capacity=limit)
    run(AGENTS, shop, count=agents, slug=shop.slug)
    return shop


def arrive(shop: Project, count: int) -> None:
    """So many new customers wait from now on."""
    run(CUSTOMERS, shop, count=count)


def analyze() -> None:
    """What autovacuum does a minute later: without it the planner knows nothing of new rows."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def run(statement: str, shop: Project, **values: object) -> None:
    inbox = shop.inboxes.get()
    known = {"project": shop.pk, "inbox": inbox.pk, "campaign": inbox.campaign_id}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**known, **values})
