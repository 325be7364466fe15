"""Whatever the bytes, readers raise nothing but their named errors."""

import json
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models3d.images import thumbnails_of
from models3d.meshes.errors import UnreadableFile
from models3d.meshes.facts import facts_of
from models3d.meshes.fingerprint import fingerprint_of
from models3d.meshes.limits import ReadLimits
from models3d.meshes.load import load
from tests.unit.models3d.seeds import IMAGE_SEEDS, SEEDS

LIMITS = ReadLimits(max_triangles=100_000, max_expanded_bytes=10 << 20, max_pixels=1_000_000)


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A sound file with a few bytes changed, cut out, put in or repeated."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.sampled_from(["change", "cut", "insert", "repeat", "end"])):
            case "change":
                content[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "cut":
                del content[at : at + draw(st.integers(1, 40))]
            case "insert":
                content[at:at] = draw(
                    st.binary(max_size=12) | st.sampled_from([b"nan", b"-1", b"9" * 25, b","])
                )
            case "repeat":
                content[at:at] = content[at : at + draw(st.integers(1, 200))]
            case "end":
                del content[at:]
    return bytes(content)


def check(content: bytes, extension: str) -> None:
    try:
        loaded = load(BytesIO(content), extension, limits=LIMITS)
        found = facts_of(loaded)
        fingerprint = fingerprint_of(loaded.mesh)
    except UnreadableFile as error:
        assert error.sentence
        return
    json.dumps(found.as_json(), allow_nan=False)
    if fingerprint:
        json.dumps(fingerprint.as_json(), allow_nan=False)


@pytest.mark.parametrize("extension", SEEDS)
@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_file_gives_finite_facts_or_a_named_error(extension: str, data: st.DataObject) -> None:
    check(data.draw(damaged(SEEDS[extension])), extension)


@pytest.mark.parametrize("extension", SEEDS)
@given(content=st.binary(max_size=600))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_give_finite_facts_or_a_named_error(extension: str, content: bytes) -> None:
    check(content, extension)


@given(content=damaged(IMAGE_SEEDS))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_damaged_image_gives_thumbnails_or_a_named_error(content: bytes) -> None:
    try:
        made = thumbnails_of(BytesIO(content), limits=LIMITS)
    except UnreadableFile as error:
        assert error.sentence
    else:
        assert made.picture and made.small
