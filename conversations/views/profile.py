"""An agent's own page: who they are, how they like the console, a new password."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agents import limits, preferences
from agents.models import Agent
from conversations import staffing
from conversations.views.doors import AgentRequest, console_door, sentence_response

TRIES, TRIES_A_MINUTE = 5, 5  # to guess the present password of a session left open


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = Agent
        fields: ClassVar = ["language", "theme"]


@require_http_methods(["GET", "POST"])
@console_door
def profile(request: AgentRequest) -> HttpResponse:
    if request.method == "GET":
        return page(request)
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return page(request, preferences_form=form)
    language = form.cleaned_data["language"]
    staffing.prefer(agent=request.agent, language=language, theme=form.cleaned_data["theme"])
    with translation.override(language):
        messages.success(request, _("Saved. Your open consoles follow."))
    answer = redirect("console:profile", request.agent.project.slug)
    # Or the next sign-in would put back what was chosen on its page.
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return answer


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@console_door
def password(request: AgentRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("console:profile", request.agent.project.slug)
    user, session_key = request.agent.user, request.session.session_key or ""
    if limits.wait_for(f"password:{user.pk}", burst=TRIES, per_minute=TRIES_A_MINUTE):
        sentence = _("Too many tries. Wait a minute, then try again.")
        return sentence_response(request, sentence, 429)
    form = PasswordChangeForm(user, request.POST)
    if not form.is_valid():
        return page(request, password_form=form)
    old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password1"]
    try:
        staffing.change_password(user=user, old=old, new=new, but=session_key)
    except preferences.WrongPassword:
        form.add_error("old_password", form.error_messages["password_incorrect"])
        return page(request, password_form=form)
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password was changed. Other sessions have ended."))
    return redirect("console:profile", request.agent.project.slug)


def page(request: AgentRequest, **forms: Any) -> HttpResponse:
    """422 with the form that was not right."""
    context = {
        "agent": request.agent,
        "project": request.agent.project,
        "themes": Agent.Theme.choices,
        **forms,
    }
    return render(request, "agents/profile.html", context, status=422 if forms else 200)
