"""Moments as the pages' scripts read them: `{{ at|iso }}`, `{{ at|clock }}`, `{{ at|seconds }}`.

Django's `|utc|date:"c"` and `|date:"H:i"` say the same; in a row that is rendered for every
message they were half of the rendering.
"""

import datetime as dt

from django import template
from django.utils import timezone

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


@register.filter
def seconds(moment: dt.datetime | None) -> float:
    """How many have passed since then: what a <running-time> goes on from."""
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0


@register.filter
def lasted(moment: dt.datetime | None) -> str:
    """The same as h:mm:ss, until the page's script counts."""
    whole = int(seconds(moment))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
