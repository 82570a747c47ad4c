"""The supervisors' pages of users: who can sign in, under which name, with which password."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm, UserCreationForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from agents import hiring
from agents.admin import SupervisedAdmin, projects
from agents.models import Agent, Project, User
from contactcenter.staff_pages import lock, warn_of_held
from conversations import staffing


class NewPersonForm(UserCreationForm):
    project = forms.ModelChoiceField(Project.objects.none(), label=capfirst(_("project")))
    is_agent = forms.BooleanField(
        label=capfirst(_("answers customers")), required=False, initial=True
    )
    is_supervisor = forms.BooleanField(label=capfirst(_("supervises")), required=False)

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email")


class UserAdmin(SupervisedAdmin):
    """Supervisors see the people of their projects. They change whom nobody else supervises too,
    and never a superuser; nobody can give more than a role in their own project."""

    form = forms.ModelForm
    list_display = ["username", "name", "email", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    fields = ("username", "first_name", "last_name", "email", "is_active")
    new_fields = [
        "username",
        "first_name",
        "last_name",
        "email",
        "password1",
        "password2",
        "project",
        "is_agent",
        "is_supervisor",
    ]

    @admin.display(description=_("name"), ordering="first_name")
    def name(self, user: User) -> str:
        return user.get_full_name() or "–"

    def mine(self, request: HttpRequest) -> dict[str, Any]:
        if request.user.is_superuser:
            return {}
        return {"pk__in": Agent.objects.filter(project__in=projects(request)).values("user")}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or request.user.is_superuser:
            return allowed
        elsewhere = Agent.objects.filter(user=obj).exclude(project__in=projects(request))
        return allowed and not (obj.is_superuser or obj.is_staff or elsewhere.exists())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.new_fields
        return [*self.fields, "is_superuser"] if request.user.is_superuser else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["username"] if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = NewPersonForm
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            project: Any = form.base_fields["project"]
            project.queryset = projects(request)
        elif obj == request.user:
            lock(form, "is_active", "is_superuser")
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            roles = {name: form.cleaned_data[name] for name in ("is_agent", "is_supervisor")}
            obj.hired = hiring.hire(user=obj, project=form.cleaned_data["project"], **roles)
        elif "is_active" in form.changed_data and not obj.is_active:
            places = Agent.objects.filter(user=obj).order_by("project").select_related("project")
            warn_of_held(request, str(obj), staffing.withdraw(list(places)))

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, gettext("Added. Now choose the campaigns."))
        return redirect("admin:agents_agent_change", obj.hired.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Of somebody who is elsewhere too it would name the other project's supervisors."""
        user = self.get_object(request, unquote(object_id))
        if user and not self.has_change_permission(request, user):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view(self.password)
        password = path("<path:user_id>/password/", door, name="agents_user_password")
        return [password, *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password(self, request: HttpRequest, user_id: str) -> HttpResponse:
        """A new password for somebody who forgot theirs and has no email (manual B, 3)."""
        user = self.get_object(request, unquote(user_id))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = SetPasswordForm(user, request.POST or None)
        if not form.is_valid():
            context = {**self.admin_site.each_context(request), "form": form, "person": user}
            return render(request, "admin/agents/user/password.html", context)
        self._set_password(request, user, form.cleaned_data["new_password1"])
        messages.success(request, gettext("The new password is set. Other sessions have ended."))
        return redirect("admin:agents_user_change", user.pk)

    @transaction.atomic
    def _set_password(self, request: HttpRequest, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])
        own = ""
        if user == request.user:
            update_session_auth_hash(request, user)
            own = request.session.session_key or ""
        staffing.end_sessions(user=user, but=own)
        self.log_change(request, user, [{"changed": {"fields": [gettext("password")]}}])
