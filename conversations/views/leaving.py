"""Signing out ends presence at once, so it belongs to the app that owns work."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agents.models import User
from conversations import attending


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    session_key = request.session.session_key
    logout(request)  # first: a page that is told to go must not find its session still there
    if user and session_key:
        attending.sign_out(user=user, session_key=session_key)
    return redirect("login")
