"""Background work, one line each."""

from celery import shared_task

from conversations import rebalancing


@shared_task
def rebalance() -> None:
    rebalancing.rebalance()
