"""Files: each gets its verdict, none is shown before, all stay in their project (P-11, P-14)."""

from conversations.invariants.asking import Invariant

FILES = [
    Invariant(
        "files-get-a-verdict",
        "P-11",
        "No file is left unchecked five minutes after its turn.",
        """
        SELECT upload.id FROM media_upload AS upload JOIN project ON project.id = project_id
        WHERE state = 'checking'
          AND greatest(upload.created_at, leased_until) < now() - interval '5 minutes'
        """,
    ),
    Invariant(
        "decided-files-say-how",
        "P-11",
        "What is ready has a type and its bytes, what is refused has a reason.",
        """
        SELECT upload.id FROM media_upload AS upload JOIN project ON project.id = upload.project_id
        JOIN media_blob AS blob ON blob.id = coalesce(shown_id, original_id)
        WHERE (state = 'ready' AND (type = '' OR reason <> '' OR stored_at IS NULL))
           OR (state = 'refused' AND reason = '')
           OR (state = 'checking') <> (decided_at IS NULL)
        """,
    ),
    Invariant(
        "agents-send-checked-files",
        "P-11",
        "What an agent sent had been checked, and was found fit.",
        """
        SELECT message.id FROM conversation
        JOIN conversations_message AS message ON message.conversation_id = conversation.id
        JOIN conversations_attachment AS attachment ON attachment.message_id = message.id
        JOIN media_upload AS upload ON upload.id = upload_id
        WHERE author = 'agent' AND (state <> 'ready' OR decided_at > message.created_at)
        """,
    ),
    Invariant(
        "files-in-one-project",
        "P-14",
        "A file, its bytes, its sender, its channel and its message are of one project.",
        """
        SELECT 'upload ' || upload.id FROM media_upload AS upload
        JOIN project ON project.id = upload.project_id
        JOIN media_blob AS blob ON blob.id IN (original_id, shown_id, small_id)
        WHERE blob.project_id <> upload.project_id
        UNION ALL
        SELECT 'attachment ' || attachment.id FROM conversations_attachment AS attachment
        JOIN media_upload AS upload ON upload.id = upload_id
        JOIN project ON project.id = upload.project_id
        JOIN conversations_inbox AS inbox ON inbox.id = attachment.inbox_id
        LEFT JOIN conversations_conversation AS place ON place.id = attachment.conversation_id
        LEFT JOIN agents_agent AS bringer ON bringer.id = attachment.agent_id
        LEFT JOIN conversations_identity AS visitor ON visitor.id = attachment.identity_id
        LEFT JOIN conversations_message AS message ON message.id = attachment.message_id
        WHERE upload.project_id <> inbox.project_id OR upload.project_id <> place.project_id
           OR upload.project_id <> bringer.project_id OR upload.project_id <> visitor.project_id
           OR attachment.conversation_id <> message.conversation_id
           OR attachment.inbox_id <> place.inbox_id
        UNION ALL
        SELECT 'channel ' || inbox.id FROM conversations_inbox AS inbox
        JOIN project ON project.id = inbox.project_id
        JOIN media_mediaruleset AS rules ON rules.id = media_rules_id
        WHERE rules.project_id <> inbox.project_id
        """,
    ),
]
