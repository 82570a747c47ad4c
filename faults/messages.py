"""What goes to PostgreSQL, cut into the messages of its protocol."""

import re
from collections.abc import Iterator

SECURE = {80877103, 80877104}  # asks for SSL or GSS: the real start follows
COMMIT = re.compile(rb"^\s*COMMIT\b", re.IGNORECASE)


class ClientMessages:
    """Give it bytes as they come; it yields whole messages, the bytes and what they say.

    The start of a connection has no type and says nothing.
    """

    def __init__(self) -> None:
        self.rest = b""
        self.has_started = False
        self.prepared: dict[bytes, bytes] = {}  # statements by name; what has none is the newest

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        self.rest += data
        while message := self._next():
            yield message, self._text(message)

    def _next(self) -> bytes:
        head = 1 if self.has_started else 0
        if len(self.rest) < head + 4:
            return b""
        length = head + int.from_bytes(self.rest[head : head + 4])
        if len(self.rest) < length:
            return b""
        message, self.rest = self.rest[:length], self.rest[length:]
        if not self.has_started:
            self.has_started = int.from_bytes(message[4:8]) not in SECURE
        return message

    def _text(self, message: bytes) -> bytes:
        """The SQL of a simple Query, or of what a Bind is about to run."""
        kind, body = message[:1], message[5:]
        if kind == b"Q":
            return body.rstrip(b"\0")
        if kind == b"P":
            name, query, _ = body.split(b"\0", 2)
            self.prepared[name] = query
        if kind == b"B":
            return self.prepared.get(body.split(b"\0", 2)[1], b"")
        return b""


class AnswerLost:
    """Watches one connection for the COMMIT whose answer shall be lost.

    `having` must have stood in a statement of the same transaction. A statement that has it and
    comes outside of a transaction commits by itself.
    """

    def __init__(self, having: bytes) -> None:
        self.having = having
        self.messages = ClientMessages()
        self.is_inside = self.has_seen = False
        self.texts: list[bytes] = []  # said with the newest data

    def reaches(self, data: bytes) -> bool:
        """Whether what is now on its way makes the change final."""
        self.texts = [text for _, text in self.messages.feed(data) if text]
        verdicts = [self._is_final(text) for text in self.texts]
        return any(verdicts)

    def _is_final(self, text: bytes) -> bool:
        is_commit = bool(COMMIT.match(text))
        self.has_seen = self.has_seen or (bool(self.having) and self.having in text)
        is_final = self.has_seen and (is_commit or not self.is_inside)
        word = text.lstrip()[:8].upper()
        if word.startswith(b"BEGIN"):
            self.is_inside, self.has_seen = True, False
        elif is_commit or word == b"ROLLBACK":
            self.is_inside = self.has_seen = False
        return is_final
