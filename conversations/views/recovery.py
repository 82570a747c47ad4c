"""Recovering a password: ask for a link, open it from the mail, choose a new password.

The change ends presence and open consoles, so it belongs to the app that owns work.
"""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import FormView, TemplateView
from django.views.generic.base import ContextMixin

from agents import limits, publishing, recovery, tasks
from agents.models import User
from agents.views import RECOVERED
from conversations import staffing
from conversations.views.leaving import sign_out


class NamesTheAdministrator(ContextMixin):
    """Whoever has no email is told whom to ask (R4)."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(whom_to_ask=recovery.whom_to_ask(), **context)


class AskForm(forms.Form):
    username = forms.CharField(max_length=254)


class AskForLink(NamesTheAdministrator, FormView):
    """Known, unknown, without email, too often: the same answer, after the same work.

    Nobody is looked up here; a worker does that when the answer is long gone.
    """

    template_name = "registration/recover.html"
    form_class = AskForm
    success_url = reverse_lazy("recover-sent")

    def form_valid(self, form: AskForm) -> HttpResponse:
        if recovery.may_ask(limits.address_of(self.request)):
            publishing.ring(tasks.send_recovery_links, form.cleaned_data["username"])
        return super().form_valid(form)


class Sent(NamesTheAdministrator, TemplateView):
    template_name = "registration/recover_sent.html"


class SetPassword(NamesTheAdministrator, PasswordResetConfirmView):
    """Opens by the link of the mail. A used, old or forged one says so and offers a new one."""

    template_name = "registration/recover_set.html"
    user: User | None

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        token = self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN)
        person: Any = form.user
        try:
            staffing.recover(user=person, token=token, password=form.cleaned_data["new_password1"])
        except recovery.LinkUsed:
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        # Whoever was signed in in this browser is not any more, or the page would be theirs.
        answer = sign_out(self.request)
        self.request.session[RECOVERED] = person.username
        return answer
