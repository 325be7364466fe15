"""Postgres extensions, and the words and order of names: everything the search columns stand on."""

from django.contrib.postgres.operations import (
    BtreeGinExtension,
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

# `simple` keeps every word; unaccent and the English stemmer then make “Größen” findable as “grossen”, “holders” as “holder”.
CREATE_CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION layershelf (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION layershelf
  ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
  WITH unaccent, english_stem;
"""

# File names become words: `dragonHead_v2.stl` → `dragon Head v2 stl`. Immutable, so that generated columns may use it.
CREATE_WORDS = r"""
CREATE FUNCTION layershelf_words(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT regexp_replace(
    regexp_replace(value, '([[:lower:]])([[:upper:]])', '\1 \2', 'g'),
    '[_./\\+()\[\]{}#@~,;:=&-]+', ' ', 'g')
$$;
"""

# The order of names: case and accents aside, digits by value up to ten places (`part 2` before `part 10`).
# unaccent(regdictionary, text) is only stable, because a dictionary could be altered; this one is never.
CREATE_SORT_KEY = r"""
CREATE FUNCTION layershelf_sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT left(
    regexp_replace(
      regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, value)), '([0-9]+)', '000000000\1', 'g'),
      '0*([0-9]{10})', '\1', 'g'),
    200)
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(CREATE_CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION layershelf"),
        migrations.RunSQL(CREATE_WORDS, "DROP FUNCTION layershelf_words(text)"),
        migrations.RunSQL(CREATE_SORT_KEY, "DROP FUNCTION layershelf_sort_key(text)"),
    ]
