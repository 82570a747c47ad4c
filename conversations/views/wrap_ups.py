"""The agent has finished after an end."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from conversations import access, wrapping_up
from conversations.views.doors import AgentRequest, console_door, wants_page


@require_POST
@console_door
def ready(request: AgentRequest, wrap_up_id: int) -> HttpResponse:
    """204, also when it was over already; the list and the slots are pushed."""
    agent = request.agent
    wrapping_up.ready(agent=agent, wrap_up=access.wrap_up_for(agent, wrap_up_id))
    if wants_page(request):
        return redirect("console:home", agent.project.slug)
    return HttpResponse(status=204)
