"""`{% support_address %}`: whom to write to, on pages for people who are not signed in."""

from django import template

from agents import recovery

register = template.Library()


@register.simple_tag
def support_address() -> str:
    return recovery.support_address()
