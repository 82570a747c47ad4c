"""The language a page of the web chat is answered in."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def language_of(request: HttpRequest) -> str:
    """The site's `?lang=` if we speak it, else the browser's."""
    try:
        return translation.get_supported_language_variant(request.GET.get("lang", ""))
    except LookupError:
        return translation.get_language() or settings.LANGUAGE_CODE
