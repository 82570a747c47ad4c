"""Internal chat's addresses, under /p/<project>/internal/ (contract.md)."""

from django.urls import include, path

from internalchat.views import chats, endings, files, history, posts
from media import links

app_name = "internal"
chat = [
    path("", chats.chat, name="chat"),
    path("messages/", posts.messages, name="messages"),
    path("typing/", posts.typing, name="typing"),
    path("reading/", posts.reading, name="reading"),
    path("ending/", endings.ending, name="ending"),
    path("rules/<int:colleague_id>/", files.rules, name="rules"),
]
upload = [
    path("", files.upload, name="upload"),
    path("removal/", files.removal, name="upload_removal"),
    path("file/", files.file, {"part": links.WHOLE}, name="file"),
    path("small/", files.file, {"part": links.SMALL}, name="small"),
]
urlpatterns = [
    path("", chats.home, name="home"),
    path("direct/", chats.direct, name="direct"),
    path("agents/", chats.agents, name="agents"),
    path("refresh/", chats.refresh, name="refresh"),
    path("history/", history.history, name="history"),
    path("history/<uuid:chat_id>/", history.chat, name="closed"),
    path("uploads/", files.create, name="uploads"),
    path("uploads/<uuid:upload_id>/", include(upload)),
    path("<uuid:chat_id>/", include(chat)),
]
