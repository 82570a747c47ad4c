"""Connections to PostgreSQL that never wait for ever.

The kernel notices a dead line (settings: keepalives, tcp_user_timeout) and the server ends a
statement that takes too long (statement_timeout). Neither helps against a server that is frozen,
or a wire that takes everything and answers nothing: there the asking side has to give up.
"""

import select
from typing import Any

import psycopg
from psycopg import errors


class PatientConnection(psycopg.Connection[Any]):
    """Gives up after `patience` seconds without an answer, and is closed then: what a late answer
    belongs to could not be told any more."""

    patience = 20.0  # more than statement_timeout, which explains itself better

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("timeout", self.patience)
        try:
            return super().wait(gen, *args, **kwargs)
        except errors._WaitTimeout:
            self.pgconn.finish()
            raise errors.OperationalError(
                f"PostgreSQL did not answer within {kwargs['timeout']:g} s"
            ) from None

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """The pool asks "" before it hands a connection out, to hear whether it still stands. A
        round trip each time would be dear; a dead server has hung up, and that is seen here."""
        if query == "":
            return self._look_at_the_line()
        return super().execute(query, *args, **kwargs)

    def _look_at_the_line(self) -> None:
        """Raises OperationalError when the server has hung up, or says that it will."""
        looking = select.poll()
        looking.register(self.pgconn.socket, select.POLLIN | select.POLLRDHUP)
        if looking.poll(0):
            self.pgconn.finish()
            raise errors.OperationalError("PostgreSQL has closed this connection")


class HastyConnection(PatientConnection):
    """For looks at the server's health."""

    patience = 2.0
