from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("internalchat", "0002_files"), ("media", "0002_rules")]

    operations = [
        migrations.RemoveConstraint("postfile", "post_file_position_once"),
        migrations.RenameField("postfile", "post", "message"),
        migrations.AddConstraint(
            "postfile",
            models.UniqueConstraint(
                condition=models.Q(("message__isnull", False)),
                fields=("message", "position"),
                name="post_file_position_once",
            ),
        ),
        migrations.AlterField(
            "postfile",
            "upload",
            models.OneToOneField(
                on_delete=models.deletion.PROTECT,
                related_name="%(class)s",
                to="media.upload",
                verbose_name="upload",
            ),
        ),
    ]
