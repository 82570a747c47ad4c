"""Every address of the product (contract.md)."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from agents import views as people
from contactcenter import demo, handbook, health
from conversations.views import projects, recovery
from conversations.views.leaving import sign_out
from media import views as files

urlpatterns = [
    path("", projects.home, name="home"),
    path("login/", people.SignIn.as_view(), name="login"),
    path("login/recover/", recovery.AskForLink.as_view(), name="recover"),
    path("login/recover/sent/", recovery.Sent.as_view(), name="recover-sent"),
    path("login/recover/<uidb64>/<token>/", recovery.SetPassword.as_view(), name="recover-set"),
    path("logout/", sign_out, name="logout"),
    path("language/", set_language, name="set_language"),
    path("help/", handbook.handbook, name="help"),
    path("projects/", projects.projects, name="projects"),
    path("p/<slug:project>/internal/", include("internalchat.urls")),
    path("p/<slug:project>/", include("conversations.urls")),
    path("webchat/", include("conversations.transports.webchat.urls")),
    path("files/<str:token>/<str:name>", files.file, name="file"),
    path("demo/", demo.shop, name="demo"),
    path("admin/", admin.site.urls),
    path("favicon.ico", RedirectView.as_view(url=static("img/favicon.svg"))),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
