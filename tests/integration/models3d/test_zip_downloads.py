"""Models as a ZIP: what is in it, under which names, what is missing, who may have it, and how many run at once."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertNumQueries

from libraries.models import Library
from libraries.paths import row_path
from models3d.models import Model3D
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.libraries.archive_files import zip_bytes


def put_model(folder: Path, name: str, *paths: str, library: Library | None = None) -> Model3D:
    """A model of these files on the disk, as a scan leaves it; each file holds its own path."""
    library = library or LibraryFactory(path=str(folder))
    model: Model3D = Model3DFactory(library=library, name=name, relative_path=name)
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.encode("utf-8", "surrogateescape"))
        ModelFileFactory(model=model, relative_path=row_path(path))
    return model


def unzipped(response: HttpResponseBase) -> dict[str, bytes]:
    """The contents by name; whatever came is as long as was said, and a sound ZIP."""
    content = b"".join(cast("Iterator[bytes]", cast("StreamingHttpResponse", response).streaming_content))
    assert response["Content-Length"] == str(len(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_model_comes_as_a_folder_of_its_name(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(tmp_path, "Dragon", "Dragon/head.stl", "Dragon/STLs/größe.stl")

    response = as_alice.get(f"/models/{model.pk}/download/")

    assert response["Content-Disposition"] == 'attachment; filename="Dragon.zip"'
    assert unzipped(response) == {
        "Dragon/head.stl": b"Dragon/head.stl",
        "Dragon/STLs/größe.stl": "Dragon/STLs/größe.stl".encode(),
    }


def test_names_are_such_that_every_system_takes_them(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(
        tmp_path, 'A: "b"?', "CON.stl", "dot.", "x<1>.stl", "caf\udce9.stl", "a/same.stl", "A/SAME.stl"
    )

    names = unzipped(as_alice.get(f"/models/{model.pk}/download/")).keys()

    assert {name.rpartition("/")[0] for name in names} == {"A_ _b__"}
    assert {name.rpartition("/")[2] for name in names} == {
        *("_CON.stl", "dot", "x_1_.stl", "caf_xe9.stl", "same.stl", "SAME (2).stl"),
    } or {name.rpartition("/")[2] for name in names} == {
        *("_CON.stl", "dot", "x_1_.stl", "caf_xe9.stl", "SAME.stl", "same (2).stl"),
    }


def test_an_archive_goes_in_whole_and_a_member_of_another_model_by_itself(
    as_alice: Client, tmp_path: Path
) -> None:
    whole = put_model(tmp_path, "March")
    archive = ModelFileFactory(model=whole, relative_path="March.zip", kind="archive")
    ModelFileFactory(model=whole, archive=archive, relative_path="March.zip//orc.stl")
    part = Model3DFactory(library=whole.library, name="Elf", relative_path="March.zip//elf")
    ModelFileFactory(model=part, archive=archive, relative_path="March.zip//elf/elf.stl")
    content = zip_bytes({"orc.stl": b"orc", "elf/elf.stl": b"elf"})
    (tmp_path / "March.zip").write_bytes(content)

    assert unzipped(as_alice.get(f"/models/{whole.pk}/download/")) == {"March/March.zip": content}
    assert unzipped(as_alice.get(f"/models/{part.pk}/download/")) == {"Elf/elf.stl": b"elf"}


def test_what_cannot_be_read_is_listed_in_the_zip(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(tmp_path, "Dragon", "Dragon/head.stl", "Dragon/tail.stl", "Dragon/wing.stl")
    (tmp_path / "Dragon/tail.stl").unlink()
    (tmp_path / "Dragon/wing.stl").unlink()
    (tmp_path / "Dragon/wing.stl").symlink_to("/etc/passwd")

    contents = unzipped(as_alice.get(f"/models/{model.pk}/download/"))

    assert contents.keys() == {"Dragon/head.stl", "Missing files.txt"}
    listed = contents["Missing files.txt"].decode()
    assert "Dragon/tail.stl: “Dragon/tail.stl” is not there any more." in listed
    assert "Dragon/wing.stl: “Dragon/wing.stl” is a link" in listed


def test_a_model_of_which_nothing_is_left_is_a_sentence(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(tmp_path, "Dragon", "Dragon/head.stl")
    (tmp_path / "Dragon/head.stl").unlink()

    response = as_alice.get(f"/models/{model.pk}/download/")

    assert response.status_code == 404
    assert "None of the files can be read now" in response.content.decode()


def test_several_models_come_as_a_folder_each(as_alice: Client, tmp_path: Path) -> None:
    first = put_model(tmp_path, "Vase", "a/1.stl")
    (tmp_path / "other").mkdir()
    second = put_model(tmp_path / "other", "Vase", "b/1.stl")

    for response in (
        as_alice.post("/models/download/", {"id": [first.pk, second.pk]}),
        as_alice.get(f"/models/download/?id={first.pk}&id={second.pk}"),
    ):
        assert response["Content-Disposition"] == 'attachment; filename="2 models.zip"'
        assert unzipped(response).keys() == {"Vase/1.stl", "Vase (2)/1.stl"}


def test_more_files_than_fit_are_refused_with_the_figure(
    as_alice: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.MOST_FILES_IN_ZIP = 2
    model = put_model(tmp_path, "Dragon", "1.stl", "2.stl", "3.stl")

    response = as_alice.get(f"/models/{model.pk}/download/")

    assert response.status_code == 400
    assert "more than 2 files" in response.content.decode()


def test_head_tells_the_size_and_sends_nothing(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(tmp_path, "Dragon", "Dragon/head.stl")

    head = as_alice.head(f"/models/{model.pk}/download/")

    assert isinstance(head, HttpResponse)
    assert head["Content-Length"] == as_alice.get(f"/models/{model.pk}/download/")["Content-Length"]


def test_a_file_that_shrinks_meanwhile_ends_the_download(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(tmp_path, "Dragon", "Dragon/head.stl")
    response = as_alice.get(f"/models/{model.pk}/download/")
    (tmp_path / "Dragon/head.stl").write_bytes(b"")

    with pytest.raises(ConnectionAbortedError):
        unzipped(response)


@pytest.mark.django_db(transaction=True)  # closing an answer closes its connection
def test_further_downloads_wait_while_as_many_run_as_may(
    as_alice: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.MOST_STREAMS = 2
    address = f"/models/{put_model(tmp_path, 'Dragon', 'Dragon/head.stl').pk}/download/"
    running = [as_alice.get(address), as_alice.get(address)]

    refused = as_alice.get(address)

    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert "2 large downloads are running" in refused.content.decode()
    running[0].close()  # the other end went away
    assert unzipped(as_alice.get(address))
    assert unzipped(as_alice.get(address))  # one that ended has given its place back
    running[1].close()
    running[1].close()


def test_large_files_count_as_well_and_small_ones_do_not(
    as_alice: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.MOST_STREAMS = 0
    model = put_model(tmp_path, "Dragon", "large.stl", "small.stl")
    (tmp_path / "large.stl").write_bytes(bytes((1 << 20) + 1))
    large, small = (f"/files/{file.pk}/" for file in model.files.order_by("relative_path"))

    assert as_alice.get(large).status_code == 503
    assert as_alice.get(large, headers={"Range": "bytes=0-99"}).status_code == 206
    assert as_alice.head(large).status_code == 200
    assert as_alice.get(small).status_code == 200


def test_the_queries_do_not_grow_with_the_files(as_alice: Client, tmp_path: Path) -> None:
    model = put_model(tmp_path, "Dragon", *(f"Dragon/{number}.stl" for number in range(20)))

    with assertNumQueries(5):  # session, person, model, its library, files
        as_alice.get(f"/models/{model.pk}/download/")


def test_a_stranger_gets_no_zip(
    as_bob: Client, as_charlie: Client, shared_library: Library, tmp_path: Path
) -> None:
    shared_library.path = str(tmp_path)
    shared_library.save(update_fields=["path"])
    model = put_model(tmp_path, "Dragon", "Dragon/head.stl", library=shared_library)
    addresses = [f"/models/{model.pk}/download/", f"/models/download/?id={model.pk}"]

    assert [as_bob.get(address).status_code for address in addresses] == [200, 200]
    assert [as_charlie.get(address).status_code for address in addresses] == [404, 404]
    assert [Client().get(address).status_code for address in addresses] == [302, 302]


@pytest.mark.parametrize(
    "address", ["/models/0/download/", "/models/download/", "/models/download/?id=x&id=" + "9" * 30]
)
def test_what_is_not_there_is_not_found(as_alice: Client, address: str) -> None:
    assert as_alice.get(address).status_code == 404
