from django.urls import path

from conversations.transports.webchat import files, views

app_name = "webchat"
urlpatterns = [
    path("<slug:key>/", views.chat, name="chat"),
    path("<slug:key>/loader.js", views.loader, name="loader"),
    path("<slug:key>/uploads/", files.create, name="uploads"),
    path("<slug:key>/uploads/<uuid:upload_id>/", files.upload, name="upload"),
]
