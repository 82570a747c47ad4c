"""Django's own sign-in, with the user of a session read in plain SQL.

Every page and every console that comes back asks for one; building this query with the ORM took
ten times as long as running it.
"""

from django.contrib.auth import backends
from django.db import connection

from agents.models import User

COLUMNS = [field.attname for field in User._meta.concrete_fields]
BY_ID = f"SELECT {', '.join(COLUMNS)} FROM agents_user WHERE id = %s"  # noqa: S608  our own text


class ModelBackend(backends.ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """None for one who is no more, or may not sign in any more."""
        with connection.cursor() as cursor:
            cursor.execute(BY_ID, [user_id])
            found = cursor.fetchone()
        user = User.from_db(connection.alias, COLUMNS, found) if found else None
        return user if user and self.user_can_authenticate(user) else None
