"""A library of any size as rows alone, made by Postgres: for what pages cost, no file is needed."""

from django.db import connection

from libraries.models import Library

_MODELS = """
INSERT INTO models3d_model3d
  (library_id, relative_path, name, creator_id, license, links, notes, is_sensitive, custom_fields, edited_fields,
   updated_at, added_at, file_count, total_bytes, formats, size_x_mm, size_y_mm, size_z_mm, is_watertight, tag_words, file_words)
SELECT %(library)s, 'creator ' || n %% 500 || '/model ' || n,
  (ARRAY['Dragon','Bracket','Vase','Gear','Tower','Box','Hook','Planter'])[1 + n %% 8] || ' ' ||
  (ARRAY['articulated','modular','large','low poly','wall','spiral','hex'])[1 + n / 8 %% 7] || ' ' || n,
  (SELECT min(id) FROM collections_app_creator) + n %% 500, '', '[]', '', false, '{}', '{}',
  now(), now() - n * interval '1 minute', 4, 1000000 + n, ARRAY['stl','png'], n %% 300, n %% 200, n %% 100, n %% 3 > 0,
  'tag ' || n %% 200, 'part_' || n || '_v2.stl render.png'
FROM generate_series(1, %(count)s) AS n
"""
_FILES = """
INSERT INTO models3d_modelfile
  (library_id, model_id, relative_path, extension, kind, size_bytes, mtime_ns, sha256, analysis_state, triangle_count,
   size_x_mm, size_y_mm, size_z_mm, volume_mm3, area_mm2, is_watertight)
SELECT %(library)s, model.id, model.relative_path || '/part ' || part || '.stl', 'stl', 'mesh', 100000 + part, 0,
  md5(model.id::text || part) || md5(part::text), 'done', exp((model.id * 7 + part) %% 1000 / 70.0),
  5 + (model.id + part * 31) %% 300, 5 + (model.id * 3 + part) %% 250, 1 + (model.id * 11 + part) %% 200,
  exp((model.id * 13 + part) %% 1000 / 80.0), exp((model.id * 5 + part) %% 1000 / 100.0), true
FROM models3d_model3d AS model, generate_series(1, 4) AS part WHERE model.library_id = %(library)s
"""
_TAGS = """
INSERT INTO models3d_model3d_tags (model3d_id, tag_id)
SELECT model.id, (SELECT min(id) FROM collections_app_tag) + model.id %% 200
FROM models3d_model3d AS model WHERE model.library_id = %(library)s
"""


def make_rows(model_count: int) -> Library:
    """A library of `model_count` models with four files, a tag and a creator each, counted and analyzed."""
    library = Library.objects.create(name="Benchmark", path="/nowhere/benchmark", next_scan_at=None)
    values = {"library": library.pk, "count": model_count}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collections_app_creator (name, links, notes, model_count) "
            "SELECT 'Creator ' || n, '[]', '', 0 FROM generate_series(1, 500) AS n ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO collections_app_tag (name, model_count) "
            "SELECT 'tag ' || n, 0 FROM generate_series(1, 200) AS n ON CONFLICT DO NOTHING"
        )
        for statement in (_MODELS, _FILES, _TAGS):
            cursor.execute(statement, values)
        cursor.execute("VACUUM ANALYZE")
    return library
