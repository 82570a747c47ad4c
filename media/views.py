"""The one door files leave by. Whose link it is was decided where it was made; here it is held
against who comes with it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents import access
from media import links, serving
from media.models import Upload


@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    try:
        link = links.read(token)
    except links.Expired:
        sentence = _("This link is too old. Open the conversation again for a new one.")
        return HttpResponse(sentence, status=410, content_type="text/plain; charset=utf-8")
    if link is None or not is_theirs(request, link):
        raise Http404
    upload = (
        Upload.objects.filter(pk=link.upload_id, project=link.project_id)
        .filter(state=Upload.State.READY)
        .select_related("original", "shown", "small")
        .first()
    )
    if upload is None:
        raise Http404
    return serving.respond(request, part_of(upload, link.part))


def is_theirs(request: HttpRequest, link: links.Link) -> bool:
    """An agent's link is nothing without the agent, who is of the project still."""
    if link.who == links.VISITOR:
        return True
    mine = access.memberships(request.user).filter(project=link.project_id, is_agent=True)
    return mine.filter(pk=link.number).exists()


def part_of(upload: Upload, part: str) -> serving.Served:
    if part == links.WHOLE:
        return serving.Served(
            upload.delivered, upload.type, upload.delivered_name, upload.is_inline
        )
    if upload.small is None:
        raise Http404
    return serving.Served(upload.small, upload.small_type, "", is_inline=True)
