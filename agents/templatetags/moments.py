"""Moments as the pages' scripts read them: `{{ at|iso }}`, `{{ at|clock }}`.

Django's `|utc|date:"c"` and `|date:"H:i"` say the same; in a row that is rendered for every
message they were half of the rendering.
"""

import datetime as dt

from django import template

register = template.Library()


@register.filter
def iso(moment: dt.datetime | None) -> str:
    """ISO 8601 in UTC; empty for None."""
    return moment.astimezone(dt.UTC).isoformat() if moment else ""


@register.filter(expects_localtime=True)
def clock(moment: dt.datetime | None) -> str:
    """Hours and minutes in the server's time zone: what stands there until the page's script
    writes it in the reader's."""
    return moment.strftime("%H:%M") if moment else ""
