"""Channels without rules are no more; a row of the list says what its last message carries."""

import django.db.models.deletion
from django.db import migrations, models

# As in 0007, and the kind of the first file.
ROW = """
CREATE OR REPLACE VIEW conversations_row AS
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
           AS waiting_since,
       (SELECT f.kind FROM conversations_attachment AS t JOIN media_upload AS f ON f.id = t.upload_id
        WHERE t.message_id = m.id ORDER BY t.position LIMIT 1) AS file_kind
FROM conversations_assignment AS a
JOIN conversations_conversation AS c ON c.id = a.conversation_id
JOIN agents_project AS project ON project.id = c.project_id
JOIN conversations_contact AS contact ON contact.id = c.contact_id
JOIN conversations_identity AS identity ON identity.id = c.identity_id
JOIN conversations_inbox AS inbox ON inbox.id = c.inbox_id
LEFT JOIN conversations_message AS m ON m.conversation_id = c.id AND m.seq = c.last_seq
WHERE a.ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0013_rules_of_channels")]
    operations = [
        migrations.AlterField(
            model_name="inbox",
            name="media_rules",
            field=models.ForeignKey(
                help_text="Which files may be sent, both ways.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inboxes",
                to="media.mediaruleset",
                verbose_name="file rules",
            ),
        ),
        migrations.RunSQL(ROW, migrations.RunSQL.noop),
    ]
