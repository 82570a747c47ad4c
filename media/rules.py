"""What a project's channels take to begin with; supervisors make it their own."""

from agents.models import Project
from media.models import FileKind, MediaRule, MediaRuleSet
from media.starting import STARTING_SETS


def establish(project: Project) -> dict[str, MediaRuleSet]:
    """The sets a project begins with, by name; those that are there stay as they are."""
    sets = {}
    for name, rules in STARTING_SETS.items():
        sets[name], is_new = MediaRuleSet.objects.get_or_create(project=project, name=name)
        if is_new:
            MediaRule.objects.bulk_create(
                MediaRule(rule_set=sets[name], kind=kind, **rules[kind]) for kind in FileKind
            )
    return sets
