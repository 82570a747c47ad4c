"""Signing in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agents import presence
from agents.models import Agent

RECOVERED = "recovered"  # in the session: who has just set a new password


class SignIn(LoginView):
    """Wrong user and wrong password look the same; repeated failures are slowed (axes)."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """After a recovery: the sentence that it worked, once, and the user name filled in."""
        recovered = self.request.session.pop(RECOVERED, "") if self.request.method == "GET" else ""
        if recovered:
            self.initial = {"username": recovered}
        return super().get_context_data(recovered=recovered, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        if not self.request.POST.get("remember"):
            self.request.session.set_expiry(0)  # until the browser closes
        user = form.get_user()
        presence.sign_in(user)
        language = self.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language in dict(settings.LANGUAGES):  # chosen on the sign-in page
            Agent.objects.filter(user=user).update(language=language)
        return response


def sign_in_slowed(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """After five failures of one user from one address: a minute's wait, said in a sentence."""
    form = AuthenticationForm(request, initial={"username": request.POST.get("username", "")})
    context = {
        "form": form,
        "slowed": _("Too many tries. Wait a minute, then try again."),
        "next": request.POST.get("next", ""),
    }
    return render(request, "registration/login.html", context, status=429)
