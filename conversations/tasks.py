"""Background work, one line each."""

from celery import shared_task

from conversations import offering, rebalancing


@shared_task
def rebalance() -> None:
    rebalancing.rebalance()


@shared_task
def expire_offers() -> None:
    offering.expire()
