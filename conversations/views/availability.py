"""Accept new conversations / stop accepting."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.models import Agent
from conversations import attending
from conversations.views.doors import AgentRequest, conflict, console_door, invalid, wants_page


@require_POST
@console_door
def availability(request: AgentRequest) -> HttpResponse:
    agent = request.agent
    state = request.POST.get("state")
    if state == "available":
        try:
            attending.accept(agent=agent)
        except attending.NoConsole:
            return conflict(
                request, _("You have no open console yet. Wait for the line, then press again.")
            )
    elif state == "not_available":
        try:
            stop(agent, request.POST.get("reason", ""))
        except attending.UnknownReason:
            return invalid(request, _("This reason is not offered. Choose one from the list."))
    else:
        return invalid(request, _("The state is available or not_available."))
    if wants_page(request):
        return redirect("console:home", agent.project.slug)
    return render(request, "console/_availability.html", {"agent": agent, "project": agent.project})


def stop(agent: Agent, reason: str) -> None:
    if reason:
        attending.explain(agent=agent, reason=reason.replace("\0", "")[:40])
    else:
        attending.stop(agent=agent)
