"""The nouns of files: what may come in, what came, and its bytes."""

from media.models.attached import AttachedFile
from media.models.blob import Blob
from media.models.rule import FileKind, MediaRule, MediaRuleSet
from media.models.upload import Upload

__all__ = ["AttachedFile", "Blob", "FileKind", "MediaRule", "MediaRuleSet", "Upload"]
