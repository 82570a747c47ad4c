"""Signing out ends presence at once, so it belongs to the app that owns work."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agents.models import User
from conversations import attending


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User) and request.session.session_key:
        attending.sign_out(user=request.user, session_key=request.session.session_key)
    logout(request)
    return redirect("login")
