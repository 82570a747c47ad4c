"""Raising a screen's revision, as a function: routing's pushes and a message's one statement
call the same. In PL/pgSQL, which keeps its plans: a function in SQL is planned at every call."""

from django.db import migrations

RAISE = """
CREATE FUNCTION agents_raise(the_agent bigint, OUT revision bigint, OUT language varchar)
RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    INSERT INTO agents_screen AS screen (agent_id, revision)
    SELECT agent.id, 1 FROM agents_agent AS agent WHERE agent.id = the_agent
    ON CONFLICT (agent_id) DO UPDATE SET revision = screen.revision + 1
    RETURNING screen.revision,
              (SELECT agent.language FROM agents_agent AS agent WHERE agent.id = screen.agent_id);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("agents", "0003_history_scope")]
    operations = [
        migrations.RunSQL(RAISE, "DROP FUNCTION agents_raise(bigint)"),
    ]
