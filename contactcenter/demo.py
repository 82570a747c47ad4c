"""The demonstration shop: a stranger's page with the one script tag. Only with DEMO=1."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

SHELVES = {
    "lamps": _("Lamps"),
    "furniture": _("Furniture"),
    "textiles": _("Textiles"),
    "outlet": _("Outlet"),
}


@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """Its shelves are pages of their own, so that one sees the chat survive a page change."""
    if not settings.DEMO:
        raise Http404
    shelf = request.GET.get("shelf", "lamps")
    context = {"shelves": SHELVES, "shelf": shelf, "shelf_name": SHELVES.get(shelf)}
    return render(request, "demo/shop.html", context)
