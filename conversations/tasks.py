"""Background work, one line each."""

from celery import shared_task

from conversations import offering, rebalancing, wrapping_up


@shared_task
def rebalance() -> None:
    rebalancing.rebalance()


@shared_task
def expire_wrap_ups() -> None:
    wrapping_up.expire()


@shared_task
def expire_offers() -> None:
    offering.expire()
