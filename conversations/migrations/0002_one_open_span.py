"""At most one open span per conversation, across QueueEntry and Assignment.

Each table has its own partial unique index; this trigger holds the two together. Deferred to the
commit, because giving out work ends the one and starts the other in one transaction.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION conversations_one_open_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_at IS NULL
       AND EXISTS (SELECT FROM conversations_queueentry
                   WHERE conversation_id = NEW.conversation_id AND ended_at IS NULL)
       AND EXISTS (SELECT FROM conversations_assignment
                   WHERE conversation_id = NEW.conversation_id AND ended_at IS NULL)
    THEN
        RAISE EXCEPTION 'conversation % waits and is served at once', NEW.conversation_id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'conversation_one_open_span';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER conversation_one_open_span
    AFTER INSERT OR UPDATE OF ended_at, conversation_id ON conversations_queueentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conversations_one_open_span();
CREATE CONSTRAINT TRIGGER conversation_one_open_span
    AFTER INSERT OR UPDATE OF ended_at, conversation_id ON conversations_assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conversations_one_open_span();
"""
DROP = """
DROP TRIGGER conversation_one_open_span ON conversations_queueentry;
DROP TRIGGER conversation_one_open_span ON conversations_assignment;
DROP FUNCTION conversations_one_open_span();
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
