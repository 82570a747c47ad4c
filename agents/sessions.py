"""Django's sessions in the database, read in plain SQL.

Every page and every console that comes back asks for one; building this query with the ORM took
five times as long as running it. All else is Django's own, also what its sessions look like.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

LIVING = """
SELECT session_key, session_data, expire_date FROM django_session
WHERE session_key = %s AND expire_date > %s
"""


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        """None for one that is over or never was; the key is forgotten then."""
        with connection.cursor() as cursor:
            cursor.execute(LIVING, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        return Session(*found)
