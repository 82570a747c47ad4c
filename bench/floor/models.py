from django.db import models


class Line(models.Model):
    """One relayed message."""

    client_id = models.UUIDField()
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text
