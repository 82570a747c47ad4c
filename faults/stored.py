"""What the database holds of a project."""

from dataclasses import dataclass

import psycopg

from faults.world import World

MESSAGES = """
SELECT m.client_id::text, m.conversation_id::text, m.seq, m.author, m.text
FROM conversations_message AS m
JOIN conversations_conversation AS c ON c.id = m.conversation_id
JOIN agents_project AS p ON p.id = c.project_id
WHERE p.slug = %s ORDER BY m.conversation_id, m.seq
"""
HELD = """
SELECT u.first_name, a.conversation_id::text, extract(epoch FROM a.started_at)::float
FROM conversations_assignment AS a
JOIN agents_agent AS agent ON agent.id = a.agent_id
JOIN agents_user AS u ON u.id = agent.user_id
JOIN agents_project AS p ON p.id = a.project_id
WHERE p.slug = %s AND (a.ended_at IS NULL OR %s) ORDER BY a.started_at
"""


@dataclass
class Stored:
    messages: list[tuple[str, str, int, str, str]]  # id, conversation, seq, author, text
    held: list[tuple[str, str, float]]  # agent, conversation, since; open ones
    given: dict[str, float]  # conversation: when it was first assigned

    @classmethod
    def of(cls, world: World, project: str) -> "Stored":
        with psycopg.connect(world.postgres.url) as connection:
            messages = connection.execute(MESSAGES, [project]).fetchall()
            held = connection.execute(HELD, [project, False]).fetchall()
            given: dict[str, float] = {}
            for _agent, conversation, since in connection.execute(HELD, [project, True]):
                given.setdefault(conversation, since)
        return cls(messages, held, given)

    def thread(self, conversation: str) -> list[tuple[int, str]]:
        return [(seq, pk) for pk, of, seq, _, _ in self.messages if of == conversation]
