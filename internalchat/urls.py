"""Internal chat's addresses, under /p/<project>/internal/ (contract.md)."""

from django.urls import include, path

from internalchat.views import chats, endings, history, posts

app_name = "internal"
chat = [
    path("", chats.chat, name="chat"),
    path("messages/", posts.messages, name="messages"),
    path("typing/", posts.typing, name="typing"),
    path("reading/", posts.reading, name="reading"),
    path("ending/", endings.ending, name="ending"),
]
urlpatterns = [
    path("", chats.home, name="home"),
    path("direct/", chats.direct, name="direct"),
    path("agents/", chats.agents, name="agents"),
    path("refresh/", chats.refresh, name="refresh"),
    path("history/", history.history, name="history"),
    path("history/<uuid:chat_id>/", history.chat, name="closed"),
    path("<uuid:chat_id>/", include(chat)),
]
