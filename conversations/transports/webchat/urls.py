from django.urls import path

from conversations.transports.webchat import views

app_name = "webchat"
urlpatterns = [
    path("<slug:key>/", views.chat, name="chat"),
    path("<slug:key>/loader.js", views.loader, name="loader"),
]
