"""The console's addresses, under /p/<project>/ (contract.md)."""

from django.urls import include, path

from conversations.views import availability, console, endings, leaving, messages, offers, transfers

app_name = "console"
conversation = [
    path("", console.conversation, name="conversation"),
    path("messages/", messages.messages, name="messages"),
    path("typing/", messages.typing, name="typing"),
    path("reading/", messages.reading, name="reading"),
    path("ending/", endings.ending, name="ending"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("leaving/", leaving.leaving, name="leaving"),
]
urlpatterns = [
    path("", console.home, name="home"),
    path("refresh/", console.refresh, name="refresh"),
    path("availability/", availability.availability, name="availability"),
    path("transfers/", transfers.transfer_all, name="transfer-all"),
    path("offers/<int:offer_id>/", offers.answer, name="offer"),
    path("c/<uuid:conversation_id>/", include(conversation)),
]
