"""Which files agents may send each other: the project's rules of that name."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agents.models import Project
from media.checks import box
from media.models import FileKind, MediaRule
from media.starting import INTERNAL


@dataclass(frozen=True)
class Taken:
    """What a composer's clip asks of a channel."""

    project: Project

    @cached_property
    def rules(self) -> dict[str, MediaRule]:
        """By the kinds of files that are taken."""
        sets = {"rule_set__project": self.project, "rule_set__name": INTERNAL}
        return {rule.kind: rule for rule in MediaRule.objects.filter(is_allowed=True, **sets)}

    @property
    def file_kinds(self) -> list[FileKind]:
        return list(FileKind)

    @property
    def takes(self) -> frozenset[str]:
        return frozenset(self.rules)

    @property
    def sentence(self) -> str:
        """What is allowed, for whoever chose something else."""
        found = [key for rule in self.rules.values() for key in rule.formats]
        words = dict.fromkeys(box.format_in_words(key) for key in found)
        if not words:
            return _("Internal chat takes text only for now.")
        return _("Internal chat takes %(formats)s.") % {"formats": ", ".join(words)}
