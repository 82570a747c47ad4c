"""Every project gets the rules a new one begins with."""

from django.db import migrations

from media.starting import STARTING_SETS


def establish(apps, schema_editor):
    MediaRuleSet = apps.get_model("media", "MediaRuleSet")
    MediaRule = apps.get_model("media", "MediaRule")
    for project in apps.get_model("agents", "Project").objects.all():
        for name, rules in STARTING_SETS.items():
            rule_set = MediaRuleSet.objects.create(project=project, name=name)
            MediaRule.objects.bulk_create(
                MediaRule(rule_set=rule_set, kind=kind, **rule) for kind, rule in rules.items()
            )


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]
    operations = [migrations.RunPython(establish, migrations.RunPython.noop)]
