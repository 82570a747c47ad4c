"""Whoever checks a file says so while it lives: one that was killed is soon replaced."""

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection
from django.db.models.functions import Now

from media.models import Upload

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=20)
RENEW_EVERY = 6.0


@contextmanager
def held(upload: Upload) -> Iterator[None]:
    """Renewed from a thread, until the block ends."""
    is_over = threading.Event()
    thread = threading.Thread(target=_renew, args=(upload, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _renew(upload: Upload, is_over: threading.Event) -> None:
    mine = Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKING, tries=upload.tries)
    while not is_over.wait(RENEW_EVERY):
        try:
            mine.update(leased_until=Now() + LEASE)
        except Error as problem:  # without it somebody else takes over
            logger.warning("The lease of %s was not renewed: %r", upload.pk, problem)
        finally:
            connection.close()
