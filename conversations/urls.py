"""The console's addresses, under /p/<project>/ (contract.md)."""

from django.urls import include, path

from conversations.views import availability, console, endings, messages, profile

app_name = "console"
conversation = [
    path("", console.conversation, name="conversation"),
    path("messages/", messages.messages, name="messages"),
    path("typing/", messages.typing, name="typing"),
    path("reading/", messages.reading, name="reading"),
    path("ending/", endings.ending, name="ending"),
]
urlpatterns = [
    path("", console.home, name="home"),
    path("refresh/", console.refresh, name="refresh"),
    path("availability/", availability.availability, name="availability"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.password, name="password"),
    path("c/<uuid:conversation_id>/", include(conversation)),
]
