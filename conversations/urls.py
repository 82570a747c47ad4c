"""The console's addresses, under /p/<project>/ (contract.md)."""

from django.urls import include, path

from conversations.views import (
    availability,
    console,
    contacts,
    endings,
    history,
    leaving,
    merging,
    messages,
    notes,
    offers,
    profile,
    replies,
    transfers,
    uploads,
    wrap_ups,
)
from media import links

app_name = "console"
conversation = [
    path("", console.conversation, name="conversation"),
    path("messages/", messages.messages, name="messages"),
    path("typing/", messages.typing, name="typing"),
    path("reading/", messages.reading, name="reading"),
    path("ending/", endings.ending, name="ending"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("leaving/", leaving.leaving, name="leaving"),
    path("notes/", notes.create, name="notes"),
    path("notes/<uuid:note_id>/removal/", notes.removal, name="note_removal"),
    path("replies/", replies.offered, name="offered_replies"),
]
upload = [
    path("", uploads.upload, name="upload"),
    path("removal/", uploads.removal, name="upload_removal"),
    path("file/", uploads.file, {"part": links.WHOLE}, name="file"),
    path("small/", uploads.file, {"part": links.SMALL}, name="small"),
]
archived = [
    path("", history.conversation, name="archived"),
    path("messages/", history.older, name="archived-messages"),
]
contact = [
    path("", contacts.edit, name="contact"),
    path("block/", contacts.block, name="block"),
    path("merge/", merging.search, name="merge"),
    path("merge/<int:other_id>/", merging.merge, name="merge-with"),
]
urlpatterns = [
    path("", console.home, name="home"),
    path("refresh/", console.refresh, name="refresh"),
    path("availability/", availability.availability, name="availability"),
    path("transfers/", transfers.transfer_all, name="transfer-all"),
    path("offers/<int:offer_id>/", offers.answer, name="offer"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.password, name="password"),
    path("colleagues/", notes.colleagues, name="colleagues"),
    path("mentions/", notes.mentions, name="mentions"),
    path("replies/", replies.replies, name="replies"),
    path("replies/<int:reply_id>/", replies.reply, name="reply"),
    path("replies/<int:reply_id>/deletion/", replies.deletion, name="reply_deletion"),
    path("wrap-ups/<int:wrap_up_id>/", wrap_ups.ready, name="wrap_up"),
    path("uploads/", uploads.create, name="uploads"),
    path("uploads/rules/<uuid:conversation_id>/", uploads.rules, name="rules"),
    path("uploads/<uuid:upload_id>/", include(upload)),
    path("c/<uuid:conversation_id>/", include(conversation)),
    path("contacts/<int:contact_id>/", include(contact)),
    path("history/", history.history, name="history"),
    path("history/<uuid:conversation_id>/", include(archived)),
]
