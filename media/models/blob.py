"""The bytes of files, stored once a project however often they came."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from agents.models import Project


class Blob(models.Model):
    """`sha256` is its name. Without `stored_at` its bytes may not be there yet.

    What points to a blob protects it; what nothing points to is removed, some time after
    `touched_at` (`media.storing`).
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="blobs", verbose_name=_("project")
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    touched_at = models.DateTimeField(db_default=Now())
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.UniqueConstraint(fields=["project", "sha256"], name="blob_once_a_project")
        ]
        indexes = [models.Index(fields=["touched_at"], name="blob_touched")]

    def __str__(self) -> str:
        return self.sha256

    @property
    def key(self) -> str:
        """Where it lies in the storage."""
        return f"{self.project_id}/{self.sha256[:2]}/{self.sha256}"
