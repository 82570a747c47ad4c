"""What takes a slot: serving, an offer that waits for a yes, a wrap-up. And whom their agent left."""

from django.db import migrations

SLOT = """
CREATE VIEW conversations_slot AS
SELECT project_id, agent_id, id AS assignment_id, started_at, ended_at
FROM conversations_assignment
UNION ALL
SELECT project_id, agent_id, NULL, started_at, ended_at FROM conversations_offer
UNION ALL
SELECT project_id, agent_id, NULL, started_at, ended_at FROM conversations_wrapup
"""

# Assignments whose agent is gone: no console within the project's grace (a closed one's lease
# ends with it); 0 = never. Whoever was given it a moment ago may still be on the way. And those
# whose agent went home and left them, as long as they are not back.
DESERTED = """
CREATE OR REPLACE VIEW conversations_deserted AS
SELECT a.id, a.conversation_id
FROM conversations_assignment AS a JOIN agents_project AS p ON p.id = a.project_id
WHERE a.ended_at IS NULL
  AND (a.left_at IS NOT NULL
       OR p.release_grace > interval '0'
          AND a.started_at < statement_timestamp() - p.release_grace
          AND NOT EXISTS (SELECT FROM agents_consolesession AS s
                          WHERE s.agent_id = a.agent_id
                            AND s.lease_until > statement_timestamp() - p.release_grace))
"""

BEFORE = """
CREATE OR REPLACE VIEW conversations_deserted AS
SELECT a.id, a.conversation_id
FROM conversations_assignment AS a JOIN agents_project AS p ON p.id = a.project_id
WHERE a.ended_at IS NULL AND p.release_grace > interval '0'
  AND a.started_at < statement_timestamp() - p.release_grace
  AND NOT EXISTS (SELECT FROM agents_consolesession AS s
                  WHERE s.agent_id = a.agent_id
                    AND s.lease_until > statement_timestamp() - p.release_grace)
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0009_the_agents_day")]
    operations = [
        migrations.RunSQL(SLOT, "DROP VIEW conversations_slot"),
        migrations.RunSQL(DESERTED, BEFORE),
    ]
