"""After signing in: the projects with their queues, and straight in where there is only one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from agents import access
from agents.models import Agent
from conversations import metrics
from conversations.views.doors import no_access


def home(request: HttpRequest) -> HttpResponse:
    return redirect("projects" if request.user.is_authenticated else "login")


@login_required
def projects(request: HttpRequest) -> HttpResponse:
    memberships = access.memberships(request.user).prefetch_related("campaigns")
    answers = [agent for agent in memberships if agent.is_agent]
    if len(answers) == 1:
        return redirect("console:home", answers[0].project.slug)
    if not answers:
        is_supervisor = access.supervised(request.user).exists()
        return redirect("admin:index") if is_supervisor else no_access(request)
    with translation.override(answers[0].language):
        return render(request, "agents/projects.html", {"rows": [row(a) for a in answers]})


def row(agent: Agent) -> dict[str, Any]:
    figures = metrics.figures(agent.project)
    return {
        "project": agent.project,
        "campaigns": [campaign.name for campaign in agent.campaigns.all()],
        "queued": figures.queued,
        "online": figures.online,
        "url": reverse("console:home", args=[agent.project.slug]),
    }
