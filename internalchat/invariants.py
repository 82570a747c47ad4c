"""What the promises mean for chats between agents; asked with all the others by
`contactcenter.promises`."""

from conversations.invariants.asking import Invariant

CHAT = """
    internalchat_directchat AS chat JOIN project ON project.id = chat.project_id
     AND (%(since)s::timestamptz IS NULL OR chat.ended_at IS NULL
          OR chat.ended_at >= %(since)s::timestamptz)
"""

INTERNAL = [
    Invariant(
        "internal-chats-gapless",
        "P-03",
        "An internal chat has posts, numbered 1, 2, 3 … up to its last number, of its two alone.",
        f"""
        SELECT chat.id FROM {CHAT}
        LEFT JOIN internalchat_post AS post ON post.chat_id = chat.id
        GROUP BY chat.id
        HAVING count(post.seq) <> max(last_seq) OR max(post.seq) <> max(last_seq)
            OR max(last_seq) = 0
            OR bool_or(post.agent_id NOT IN (first_id, second_id))
            OR bool_or(ended_by_id NOT IN (first_id, second_id))
        """,  # noqa: S608  our own text
    ),
    Invariant(
        "internal-chats-in-one-project",
        "P-14",
        "An internal chat, its two, its typification and what its posts quote are of one project.",
        f"""
        SELECT chat.id FROM {CHAT}
        JOIN agents_agent AS one ON one.id = first_id
        JOIN agents_agent AS other ON other.id = second_id
        LEFT JOIN conversations_typification AS kind ON kind.id = typification_id
        WHERE chat.project_id <> one.project_id OR chat.project_id <> other.project_id
           OR chat.project_id <> kind.project_id
        UNION
        SELECT chat.id FROM {CHAT}
        JOIN internalchat_post AS post ON post.chat_id = chat.id
        JOIN agents_agent AS author ON author.id = post.agent_id
        LEFT JOIN conversations_conversation AS quoted ON quoted.id = quoted_id
        WHERE chat.project_id <> quoted.project_id OR chat.project_id <> author.project_id
        UNION
        SELECT chat.id FROM {CHAT}
        JOIN agents_agent AS closer ON closer.id = ended_by_id
        WHERE chat.project_id <> closer.project_id
        """,  # noqa: S608  our own text
    ),
    Invariant(
        "colleagues-send-checked-files",
        "P-11",
        "What went with a post had been checked, and was found fit.",
        f"""
        SELECT chat.id FROM {CHAT}
        JOIN internalchat_post AS post ON post.chat_id = chat.id
        JOIN internalchat_postfile AS file ON file.message_id = post.id
        JOIN media_upload AS upload ON upload.id = upload_id
        WHERE state <> 'ready' OR decided_at > post.created_at
        """,  # noqa: S608  our own text
    ),
    Invariant(
        "files-of-posts-in-one-project",
        "P-14",
        "A file, who brought it and its post are of one project; the post is its bringer's.",
        """
        SELECT file.id FROM internalchat_postfile AS file
        JOIN media_upload AS upload ON upload.id = upload_id
        JOIN project ON project.id = upload.project_id
        JOIN agents_agent AS bringer ON bringer.id = file.agent_id
        LEFT JOIN internalchat_post AS post ON post.id = file.message_id
        LEFT JOIN internalchat_directchat AS chat ON chat.id = post.chat_id
        WHERE upload.project_id <> bringer.project_id OR upload.project_id <> chat.project_id
           OR file.agent_id <> post.agent_id
        """,
    ),
]
