"""Background work, one line each."""

import uuid

from celery import shared_task

from conversations import filing, offering, rebalancing, wrapping_up


@shared_task
def rebalance() -> None:
    rebalancing.rebalance()


@shared_task
def expire_wrap_ups() -> None:
    wrapping_up.expire()


@shared_task
def expire_offers() -> None:
    offering.expire()


# Rung again by every sweep: what nobody took up in time is rung for anew.
@shared_task(time_limit=300, expires=60)
def inspect_attachment(upload_id: str) -> None:
    filing.inspect(uuid.UUID(upload_id))


@shared_task
def sweep_attachments() -> None:
    filing.sweep()


@shared_task
def expire_attachments() -> None:
    filing.expire()
