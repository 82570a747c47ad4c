"""Chats between two agents, their posts, and the files that go with these."""

from internalchat.models.chat import DirectChat, Post
from internalchat.models.file import PostFile

__all__ = ["DirectChat", "Post", "PostFile"]
