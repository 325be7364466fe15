"""Files whose format may have colors or parts are measured and pictured once more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("models3d", "0008_former_models")]
    operations = [
        migrations.RunSQL(
            "UPDATE models3d_modelfile SET analysis_state = 'pending', analysis_attempts = 0"
            " WHERE analysis_state = 'done' AND triangle_count > 0"
            " AND extension IN ('3mf', 'amf', 'obj', 'ply', 'glb', 'gltf', 'step', 'stp', 'iges', 'igs')",
            migrations.RunSQL.noop,
        ),
    ]
