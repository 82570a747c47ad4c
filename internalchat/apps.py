from django.apps import AppConfig


class InternalChatConfig(AppConfig):
    name = "internalchat"
