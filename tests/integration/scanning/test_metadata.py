"""What paths and papers tell is put onto models, around what people typed, and taken off again when it is not told any more."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from collections_app.models import Collection, Creator, Tag
from config.lib.locks import metadata_lock
from libraries.models import Library
from models3d.models import Model3D, ModelFile
from models3d.services import edit_model, set_creator, set_tags
from scanning.metadata import fill_waiting_models, mark_models
from scanning.models import ParsedMetadata, Scan
from scanning.removal import clear_removed_libraries
from tests.integration.scanning.shelf import Shelf


class FilledShelf(Shelf):
    """A shelf whose models are filled after each scan, as the worker does."""

    def scan(self, **wanted: Any) -> Scan:
        """Scan, and let the models that wait be filled."""
        scan = super().scan(**wanted)
        fill_waiting_models()
        return scan


@pytest.fixture
def shelf(db: None, tmp_path: Path) -> FilledShelf:
    return FilledShelf(tmp_path / "library")


def _template(shelf: Shelf, text: str) -> None:
    Library.objects.filter(pk=shelf.library.pk).update(path_template=text)


def _tags(model: Model3D) -> list[str]:
    return list(model.tags.values_list("name", flat=True))


def _package(**values: Any) -> bytes:
    return json.dumps(values).encode()


def test_a_new_model_gets_creator_collections_and_tags_from_its_path(shelf: Shelf) -> None:
    _template(shelf, "{creator}/{collection}/{collection}/{name} ({tags})")
    shelf.write("Fates End/2024/May/Orc (fantasy, 32mm)/orc.stl", "other/x.stl")

    shelf.scan()

    orc = shelf.model("Fates End/2024/May/Orc (fantasy, 32mm)")
    assert (orc.name, orc.creator and orc.creator.name) == ("Orc", "Fates End")
    assert _tags(orc) == ["32mm", "fantasy"]
    shelf_row = orc.collections.get()
    assert (shelf_row.name, shelf_row.parent.name) == ("May", "2024")
    assert Creator.objects.get().model_count == 1
    assert set(Tag.objects.values_list("model_count", flat=True)) == {1}
    assert Model3D.objects.filter(search_vector="fantasy").count() == 1
    assert shelf.model("other").creator is None


def test_another_template_takes_off_what_the_former_one_told(shelf: Shelf) -> None:
    shelf.write("Ann/Minis/Orc (big)/orc.stl")
    _template(shelf, "{creator}/{collection}/{name} ({tags})")
    shelf.scan()

    _template(shelf, "{collection}/{creator}/{name}")
    shelf.scan()

    orc = shelf.model("Ann/Minis/Orc (big)")
    assert (orc.name, orc.creator and orc.creator.name) == ("Orc (big)", "Minis")
    assert [row.name for row in orc.collections.all()] == ["Ann"]
    assert (_tags(orc), orc.tag_words) == ([], "")
    assert dict(Creator.objects.values_list("name", "model_count")) == {"Ann": 0, "Minis": 1}
    assert Tag.objects.get().model_count == 0


def test_what_a_person_typed_stays_whatever_is_parsed(shelf: Shelf) -> None:
    shelf.write("Ann/Orc/orc.stl")
    shelf.write("Ann/Orc/README.md", content=b"By Carl.\n\nTags: fantasy\n\nLicense: CC0")
    shelf.scan()
    orc = shelf.model("Ann/Orc")
    set_creator(orc.pk, "")
    set_tags(orc.pk, ["mine"])
    edit_model(orc.pk, notes="My words", license="MIT", name="Grom")

    _template(shelf, "{creator}/{name}")
    shelf.write("Ann/Orc/README.md", content=b"By Dora.\n\nTags: other\n\nLicense: CC-BY-4.0 and more")
    shelf.scan()

    orc.refresh_from_db()
    assert (orc.name, orc.creator, _tags(orc)) == ("Grom", None, ["mine"])
    assert (orc.notes, orc.license) == ("My words", "MIT")


def test_an_unchanged_template_does_not_bring_back_what_a_person_took_off(shelf: Shelf) -> None:
    _template(shelf, "{creator}/{name} ({tags})")
    shelf.write("Ann/Orc (big)/orc.stl")
    shelf.scan()
    orc = shelf.model("Ann/Orc (big)")
    orc.tags.clear()
    Model3D.objects.filter(pk=orc.pk).update(creator=None)

    shelf.write("Ann/Orc (big)/axe.stl")
    shelf.scan()

    orc.refresh_from_db()
    assert (orc.creator, _tags(orc)) == (None, [])


def test_papers_tell_notes_licence_links_tags_and_creator(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl", "Plain/plain.stl")
    package = _package(
        title="Ancient Dragon",
        homepage="https://example.org/d",
        keywords=["fantasy"],
        contributors=[{"title": "Tinker Loft"}],
    )
    shelf.write("Dragon/datapackage.json", content=package)
    shelf.write("Dragon/LICENSE", content=b"CC0 1.0 Universal")
    shelf.write("Dragon/images/README.txt", content="Größe: 10 mm".encode("latin-1"))

    shelf.scan()

    dragon = shelf.model("Dragon")
    assert (dragon.name, dragon.license, dragon.notes) == ("Ancient Dragon", "CC0-1.0", "Größe: 10 mm")
    assert (dragon.links, _tags(dragon)) == (["https://example.org/d"], ["fantasy"])
    assert dragon.creator is not None and dragon.creator.name == dragon.creator_words == "Tinker Loft"
    assert dragon.edited_fields == []
    assert ParsedMetadata.objects.get().model == dragon


def test_a_changed_paper_is_read_again_and_a_removed_one_forgotten(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/README.md", content=b"First words")
    shelf.scan()
    first = shelf.model("Orc").notes

    shelf.write("Orc/README.md", content=b"Second words, more of them")
    shelf.scan()
    second = shelf.model("Orc").notes
    (shelf.root / "Orc/README.md").unlink()
    shelf.scan()

    assert (first, second) == ("First words", "Second words, more of them")
    assert shelf.model("Orc").notes == ""
    assert not ParsedMetadata.objects.exists()


def test_a_model_whose_files_are_all_missing_keeps_what_was_told(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl", "Elf/elf.stl")
    shelf.write("Orc/README.md", content=b"Words")
    shelf.scan()

    (shelf.root / "Orc").rename(shelf.root.parent / "away")
    shelf.scan()
    missing = shelf.model("Orc")
    (shelf.root.parent / "away").rename(shelf.root / "Orc")
    shelf.scan()

    assert missing.missing_since is not None
    assert missing.notes == shelf.model("Orc").notes == "Words"


def test_a_moved_model_is_told_by_its_new_path(shelf: Shelf) -> None:
    _template(shelf, "{creator}/{name}")
    shelf.write("Ann/Orc/orc.stl", content=b"one")
    shelf.write("Bob/Elf/elf.stl", content=b"two")
    shelf.scan()
    orc = shelf.model("Ann/Orc")

    (shelf.root / "Ann/Orc").rename(shelf.root / "Bob/Orc")
    shelf.scan()

    moved = shelf.model("Bob/Orc")
    assert (moved.pk, moved.creator and moved.creator.name) == (orc.pk, "Bob")
    assert dict(Creator.objects.values_list("name", "model_count")) == {"Ann": 0, "Bob": 2}


def test_a_model_that_regrouping_left_goes_although_something_was_parsed_for_it(shelf: Shelf) -> None:
    _template(shelf, "{creator}/{name}")
    shelf.write("Orc/orc.stl", "Orc/LOD/low.stl")
    shelf.write("Orc/LOD/README.md", content=b"By Ann.\n\nTags: low")
    shelf.scan()
    assert shelf.model("Orc/LOD").tags.exists()

    Library.objects.filter(pk=shelf.library.pk).update(absorbed_names=["LOD"])
    shelf.scan()

    assert not Model3D.objects.filter(relative_path="Orc/LOD").exists()
    assert Tag.objects.get().model_count == 1


def test_a_readme_inside_an_archive_is_read(shelf: Shelf) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Orc/orc.stl", "solid\nendsolid\n")
        archive.writestr("Orc/README.md", "From inside")
    shelf.write("packs/Orc.zip", content=packed.getvalue())

    shelf.scan()

    assert shelf.model("packs/Orc.zip").notes == "From inside"


def test_single_files_are_told_by_their_paths_without_the_extension(shelf: Shelf) -> None:
    _template(shelf, "{name} by {creator}")
    shelf.write("Orc_v2 by Ann.stl")

    shelf.scan()

    orc = shelf.model("Orc_v2 by Ann.stl")
    assert (orc.name, orc.creator and orc.creator.name) == ("Orc v2", "Ann")


def test_collections_are_shared_whatever_the_case_of_their_names(shelf: Shelf) -> None:
    Collection.objects.create(name="MINIS")
    _template(shelf, "{collection}/{name}")
    shelf.write("Minis/Orc/orc.stl", "minis/Elf/elf.stl")

    shelf.scan()

    assert Collection.objects.get().models.count() == 2


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "datapackage.json"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\x00" * 70_000, b'{"title": "\\u0000\\ud800"}', b"[" * 70_000]
)
def test_hostile_papers_stop_no_scan(shelf: Shelf, name: str, content: bytes) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write(f"Orc/{name}", content=content)

    assert shelf.scan().state == "done"
    assert shelf.model("Orc").license == ""


def test_a_paper_that_cannot_be_read_leaves_what_it_told_before(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/README.md", content=b"Words")
    shelf.scan()
    before = ParsedMetadata.objects.values().get()
    ModelFile.objects.filter(relative_path="Orc/README.md").update(size_bytes=99)
    (shelf.root / "Orc/README.md").unlink()

    mark_models(shelf.library, model_ids=None)
    fill_waiting_models()

    assert shelf.model("Orc").notes == "Words"
    assert ParsedMetadata.objects.values().get() == before


def test_a_cancelled_scan_is_made_up_for_by_the_next(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/README.md", content=b"Words")
    shelf.scan()
    Model3D.objects.update(notes="")
    ParsedMetadata.objects.all().delete()
    shelf.library.scans.update(state="failed", finished_at=timezone.now())

    shelf.scan()

    assert shelf.model("Orc").notes == "Words"


def test_rows_of_removed_libraries_go_with_their_parsed_values(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/README.md", content=b"Words")
    shelf.scan()
    Library.objects.update(removed_at=timezone.now())

    clear_removed_libraries()

    assert not Library.objects.exists()


def test_only_models_with_something_to_tell_wait(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl", "Elf/elf.stl", "Elf/README.md")

    Shelf.scan(shelf)
    waiting = [row.model.relative_path for row in ParsedMetadata.objects.filter(is_stale=True)]
    fill_waiting_models()
    Shelf.scan(shelf)

    assert waiting == ["Elf"]
    assert not ParsedMetadata.objects.filter(is_stale=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_library_that_is_being_scanned_is_left_alone(transactional_db: None, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "busy")
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/README.md", content=b"Words")
    shelf.scan()

    with metadata_lock(shelf.library.pk, waits=False), ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(_fill_and_hang_up).result()
    during = shelf.model("Orc").notes
    fill_waiting_models()

    assert (during, shelf.model("Orc").notes) == ("", "Words")


def _fill_and_hang_up() -> None:
    fill_waiting_models()
    connection.close()
