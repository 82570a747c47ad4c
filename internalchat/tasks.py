"""Background work, one line each."""

import uuid

from celery import shared_task

from internalchat import sharing


# Rung again by every sweep: what nobody took up in time is rung for anew.
@shared_task(time_limit=300, expires=60)
def inspect_file(upload_id: str) -> None:
    sharing.inspect(uuid.UUID(upload_id))


@shared_task
def sweep_files() -> None:
    sharing.sweep()


@shared_task
def expire_files() -> None:
    sharing.expire()
