"""Answering an offer, or taking it back."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations import access, offering
from conversations.models import Offer
from conversations.views.doors import AgentRequest, conflict, console_door, invalid, wants_page


@require_POST
@console_door
def answer(request: AgentRequest, offer_id: int) -> HttpResponse:
    """`answer` is accept or refuse for whom it was made to, withdraw for who made it."""
    offer = access.offer_for(request.agent, offer_id)
    said = request.POST.get("answer")
    if said not in ("accept", "refuse", "withdraw"):
        return invalid(request, _("The answer is accept, refuse or withdraw."))
    if (offer.sender_id if said == "withdraw" else offer.agent_id) != request.agent.pk:
        raise Http404
    try:
        act(request, offer, said)
    except offering.NotOpen:
        return conflict(request, _("This offer is over by now."))
    except offering.NoRoom:
        return conflict(request, _("You have no free slot for it any more."))
    if not wants_page(request):
        return HttpResponse(status=204)
    if said == "refuse":
        return redirect("console:home", request.agent.project.slug)
    return redirect(offer.conversation)


def act(request: AgentRequest, offer: Offer, said: str) -> None:
    if said == "accept":
        offering.accept(agent=request.agent, offer=offer)
    elif said == "refuse":
        offering.refuse(offer=offer)
    else:
        offering.withdraw(offer=offer)
