"""Background work about people, one line each."""

from celery import shared_task

from agents import recovery


@shared_task
def send_recovery_links(named: str) -> None:
    """By what was typed, not by an id: the door that rings must not look anybody up."""
    recovery.send_links(named)
