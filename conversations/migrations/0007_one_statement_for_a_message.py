"""A customer's message in one statement (docs/decisions/0004-one-statement.md).

PL/pgSQL, because each statement inside sees what was committed before it began: the holder and
the row are read after the locks of the conversation and of the screen are ours.
"""

from django.db import migrations

# What a row of an agent's list shows.
ROW = """
CREATE VIEW conversations_row AS
SELECT c.id, a.agent_id, project.slug, contact.name, identity.value, inbox.kind, a.opened_at,
       m.text, m.event, m.author, m.agent_id AS author_id,
       coalesce(m.created_at, c.started_at) AS last_at,
       (SELECT count(*) FROM conversations_message AS u
        WHERE u.conversation_id = c.id AND u.author = 'contact' AND u.seq > c.agent_read_seq)
           AS unread,
       (SELECT min(w.created_at) FROM conversations_message AS w
        WHERE w.conversation_id = c.id AND w.author = 'contact'
          AND w.seq > coalesce((SELECT max(s.seq) FROM conversations_message AS s
                                WHERE s.conversation_id = c.id AND s.author = 'agent'), 0))
           AS waiting_since
FROM conversations_assignment AS a
JOIN conversations_conversation AS c ON c.id = a.conversation_id
JOIN agents_project AS project ON project.id = c.project_id
JOIN conversations_contact AS contact ON contact.id = c.contact_id
JOIN conversations_identity AS identity ON identity.id = c.identity_id
JOIN conversations_inbox AS inbox ON inbox.id = c.inbox_id
LEFT JOIN conversations_message AS m ON m.conversation_id = c.id AND m.seq = c.last_seq
WHERE a.ended_at IS NULL
"""

# Assignments whose agent is gone: no console within the project's grace (a closed one's lease
# ends with it); 0 = never. Whoever was given it a moment ago may still be on the way.
DESERTED = """
CREATE VIEW conversations_deserted AS
SELECT a.id, a.conversation_id
FROM conversations_assignment AS a JOIN agents_project AS p ON p.id = a.project_id
WHERE a.ended_at IS NULL AND p.release_grace > interval '0'
  AND a.started_at < statement_timestamp() - p.release_grace
  AND NOT EXISTS (SELECT FROM agents_consolesession AS s
                  WHERE s.agent_id = a.agent_id
                    AND s.lease_until > statement_timestamp() - p.release_grace)
"""

# Take the number in the UPDATE of the conversation and insert with it: the row's lock makes the
# sequence gapless, and a duplicate *raises*, so that its number rolls back. No row: there is no
# such conversation, it is over, or, where none is named, its agent is gone.
APPEND = """
CREATE FUNCTION conversations_append(
    the_conversation uuid, even_ended boolean, the_inbox bigint, the_contact bigint,
    the_client_id uuid, the_provider_id varchar, the_author varchar, the_agent bigint,
    the_text varchar, the_event varchar,
    OUT id bigint, OUT seq integer, OUT created_at timestamptz, OUT conversation_id uuid,
    OUT project_id bigint, OUT identity_id bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    IF the_conversation IS NULL THEN
        SELECT c.id INTO the_conversation FROM conversations_conversation AS c
        WHERE c.inbox_id = the_inbox AND c.contact_id = the_contact AND c.ended_at IS NULL
          AND NOT EXISTS (SELECT FROM conversations_deserted AS d WHERE d.conversation_id = c.id);
    END IF;
    UPDATE conversations_conversation AS c
    SET last_seq = c.last_seq + 1,
        agent_read_seq = CASE the_author WHEN 'agent' THEN c.last_seq + 1
                                         ELSE c.agent_read_seq END
    WHERE c.id = the_conversation AND (c.ended_at IS NULL OR even_ended)
    RETURNING c.id, c.project_id, c.identity_id, c.last_seq
    INTO conversation_id, project_id, identity_id, seq;
    IF FOUND THEN
        INSERT INTO conversations_message AS m
            (conversation_id, inbox_id, seq, client_id, provider_id, author, agent_id, text, event,
             created_at)
        VALUES (the_conversation, the_inbox, seq, the_client_id, the_provider_id, the_author,
                the_agent, the_text, the_event, clock_timestamp())
        RETURNING m.id, m.created_at INTO id, created_at;
        RETURN NEXT;
    END IF;
END
$$
"""

# Raise the screen of whoever holds it, and say what its row shows then.
SHOW = """
CREATE FUNCTION conversations_show(the_conversation uuid)
RETURNS TABLE (revision bigint, language varchar, item conversations_row) LANGUAGE plpgsql AS $$
DECLARE
    holder bigint;
BEGIN
    SELECT a.agent_id INTO holder FROM conversations_assignment AS a
    WHERE a.conversation_id = the_conversation AND a.ended_at IS NULL;
    IF FOUND THEN
        SELECT raised.revision, raised.language INTO revision, language
        FROM agents_raise(holder) AS raised;
        RETURN QUERY SELECT revision, language, held
        FROM conversations_row AS held WHERE held.id = the_conversation;
    END IF;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0004_raise_function"),
        ("conversations", "0006_longer_provider_ids"),
    ]
    operations = [
        migrations.RunSQL(ROW, "DROP VIEW conversations_row"),
        migrations.RunSQL(DESERTED, "DROP VIEW conversations_deserted"),
        migrations.RunSQL(APPEND, "DROP FUNCTION conversations_append"),
        migrations.RunSQL(SHOW, "DROP FUNCTION conversations_show"),
    ]
