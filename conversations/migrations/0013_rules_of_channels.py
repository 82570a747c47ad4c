"""Every channel points to its project's rules for its kind."""

from django.db import migrations

from media.starting import WEB_CHAT, WHATSAPP


def point(apps, schema_editor):
    MediaRuleSet = apps.get_model("media", "MediaRuleSet")
    for inbox in apps.get_model("conversations", "Inbox").objects.filter(media_rules=None):
        name = WHATSAPP if inbox.kind == "whatsapp" else WEB_CHAT
        inbox.media_rules = MediaRuleSet.objects.get(project=inbox.project_id, name=name)
        inbox.save(update_fields=["media_rules"])


class Migration(migrations.Migration):
    dependencies = [("conversations", "0012_files"), ("media", "0002_rules")]
    operations = [migrations.RunPython(point, migrations.RunPython.noop)]
