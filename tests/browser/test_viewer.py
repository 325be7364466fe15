"""The 3D viewer in a real browser: a 20 mm cube is shown, turned, cut, measured and put away."""

import io
from collections.abc import Callable, Iterator

import DracoPy
import numpy as np
import pytest
from django.template.loader import render_to_string
from django.templatetags.static import static
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from models3d.meshes.glb import CompressedPart, glb_of
from models3d.meshes.lightmesh import light_mesh_of
from models3d.meshes.load import load
from tests.browser.conftest import CheckPage
from tests.browser.serving import Site, served_site
from tests.unit.models3d.solids import cube, obj

SIDE = 20.0
LID = np.array([0xC2, 0x57, 0x1A])

CAMERA = "JSON.stringify(document.querySelector('mesh-viewer').stage.camera.position.toArray())"
ON_SCREEN = """
([x, y, z]) => {
  const { stage } = document.querySelector('mesh-viewer');
  const seen = stage.controls.target.clone().set(x, y, z).project(stage.camera);
  const box = stage.canvas.getBoundingClientRect();
  return [box.left + (seen.x + 1) / 2 * box.width, box.top + (1 - seen.y) / 2 * box.height];
}
"""
PICTURE = """
async () => [...new Uint8Array(await (await document.querySelector('mesh-viewer').picture()).arrayBuffer())]
"""


def light_cube() -> bytes:
    """A closed cube from (5, 5, 5) to (25, 25, 25) mm as the server packs light meshes."""
    corners = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float32) * SIDE + 5
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = np.array([face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))], np.uint32)
    draco = DracoPy.encode(corners, faces, quantization_bits=14)
    written = DracoPy.decode(draco)
    part = CompressedPart("cube", draco, len(written.points), written.faces.size, [5.0] * 3, [25.0] * 3)
    return glb_of([part], generator="test")


def red_cube() -> bytes:
    """The same size of cube out of a file whose vertices are red."""
    lines = obj(cube(SIDE)).splitlines()
    painted = "\n".join(f"{line} 1 0 0" if line.startswith("v ") else line for line in lines)
    return light_mesh_of(load(io.BytesIO(painted.encode()), "obj"))


def poster() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (640, 480), (128, 148, 173, 255)).save(buffer, "PNG")
    return buffer.getvalue()


def page_with(viewer_html: str) -> bytes:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Viewer</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="{static("favicon.svg")}"><link rel="stylesheet" href="{static("app.css")}">
    <script src="{static("app.js")}"></script><script type="module" src="{static("viewer/mesh-viewer.js")}"></script>
    </head><body><main class="page"><h1>Viewer</h1>{viewer_html}</main></body></html>""".encode()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served_site() as site:
        site.answers["/cube.glb"] = ("model/gltf-binary", light_cube())
        site.answers["/red.glb"] = ("model/gltf-binary", red_cube())
        site.answers["/broken.glb"] = ("model/gltf-binary", light_cube()[:300])
        site.answers["/poster.png"] = ("image/png", poster())
        yield site


@pytest.fixture
def open_viewer(page: Page, site: Site) -> Callable[..., Locator]:
    """open_viewer(state=…, src=… and the like): a page with the viewer; returns its element in that state."""
    cube = {
        "src": "/cube.glb",
        "poster_url": "/poster.png",
        "name": "Cube",
        "bed": "220,220",
        "units": "mm",
        "icon": "box",
    }

    def open_it(state: str = "ready", **given: object) -> Locator:
        context = {**cube, **given}
        site.answers["/"] = ("text/html", page_with(render_to_string("components/viewer.html", context)))
        page.goto(site.address)
        page.wait_for_selector(f"mesh-viewer[data-state={state}]")
        return page.locator("mesh-viewer")

    return open_it


OpenViewer = Callable[..., Locator]


def picture(page: Page) -> np.ndarray:
    """The view as (height, width, 4) of bytes, read from the viewer itself."""
    return np.asarray(Image.open(io.BytesIO(bytes(page.evaluate(PICTURE)))).convert("RGBA"))


def lid_pixels(page: Page) -> int:
    view = picture(page)
    return int((np.abs(view[..., :3].astype(int) - LID).max(axis=-1) < 6).sum())


def test_colors_of_the_file_are_shown(page: Page, open_viewer: Callable[..., Locator]) -> None:
    open_viewer(src="/red.glb")

    view = picture(page)
    height, width = view.shape[:2]
    middle = view[height // 2 - 5 : height // 2 + 5, width // 2 - 5 : width // 2 + 5, :3].mean(axis=(0, 1))

    assert middle[0] > 1.5 * middle[1] and middle[0] > 1.5 * middle[2]


def look_from(page: Page, side: str) -> None:
    page.get_by_label("Look from").click()
    page.get_by_role("button", name=side, exact=True).click()


def click_at(page: Page, point: tuple[float, float, float]) -> None:
    """Click where a point of the cube is seen; the cube stands at x, y from -10 to 10 and z from 0 to 20."""
    x, y = page.evaluate(ON_SCREEN, list(point))
    page.mouse.click(x, y)


def test_model_is_shown_whole_with_its_size_and_whether_it_fits(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer()

    drawn = picture(page)[..., 3] > 250
    assert 0.05 < drawn.mean() < 0.6
    assert not drawn[0].any()
    assert not drawn[-1].any()
    expect(page.locator("[data-out=size]")).to_have_text("20 × 20 × 20 mm")
    expect(page.locator("[data-out=bed]")).to_have_text("Fits the 220 × 220 mm bed")
    expect(page.locator("[data-status]")).to_be_hidden()
    expect(page.get_by_text("needs JavaScript")).to_be_hidden()


def test_inches_are_shown_to_those_who_prefer_them(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer(units="in")
    look_from(page, "Front")
    page.get_by_label("Measure").click()
    reading = page.locator("[data-out=reading]")

    expect(page.locator("[data-out=size]")).to_have_text("0.787 × 0.787 × 0.787 in")
    expect(page.locator("[data-out=bed]")).to_have_text("Fits the 8.66 × 8.66 in bed")
    click_at(page, (-9.9, -10, 0.1))
    expect(reading).to_have_text("Click the second point")
    click_at(page, (9.9, -10, 0.1))
    expect(reading).to_contain_text("in  (x 0.7")
    assert float(reading.inner_text().split()[0]) == pytest.approx(SIDE / 25.4, abs=0.002)


def test_every_control_is_reachable_and_nothing_overflows(
    page: Page, open_viewer: OpenViewer, check_page: CheckPage
) -> None:
    open_viewer()
    page.get_by_label("Cut open", exact=True).first.click()

    check_page(page, "viewer")


def test_two_corners_are_twenty_millimeters_apart(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer()
    look_from(page, "Front")
    page.get_by_label("Measure").click()
    reading = page.locator("[data-out=reading]")
    expect(reading).to_have_text("Click the first point")

    click_at(page, (-9.9, -10, 0.1))
    expect(reading).to_have_text("Click the second point")
    click_at(page, (9.9, -10, 0.1))

    expect(reading).to_contain_text("mm")
    assert float(reading.inner_text().split()[0]) == pytest.approx(SIDE, abs=0.05)
    page.get_by_label("Measure").click()
    expect(reading).to_be_hidden()


def test_measuring_works_by_keyboard_from_the_middle_of_the_view(page: Page, open_viewer: OpenViewer) -> None:
    viewer = open_viewer()
    look_from(page, "Front")
    page.get_by_label("Measure").click()
    viewer.focus()

    page.keyboard.press("Enter")
    expect(page.locator("[data-out=reading]")).to_have_text("Click the second point")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    # From the middle of one side to the middle of the next.
    expect(page.locator("[data-out=reading]")).to_contain_text("14.14 mm")


@pytest.mark.parametrize("axis", ["X", "Y", "Z"])
def test_cut_shows_a_closed_lid_that_follows_the_slider(
    page: Page, open_viewer: OpenViewer, axis: str
) -> None:
    open_viewer()
    assert lid_pixels(page) == 0

    page.get_by_label("Cut open", exact=True).first.click()
    page.get_by_role("button", name=axis, exact=True).click()
    at_the_middle = lid_pixels(page)
    page.get_by_label("Where to cut").fill("0" if axis == "Y" else "100")
    before_the_model = lid_pixels(page)
    page.get_by_label("Cut open", exact=True).first.click()

    assert at_the_middle > 2000
    assert before_the_model < at_the_middle
    assert lid_pixels(page) == 0


def test_cut_through_an_open_mesh_has_no_lid(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer(is_watertight=False)
    whole = picture(page)

    page.get_by_label("Cut open", exact=True).first.click()

    assert (picture(page) != whole).any()
    assert lid_pixels(page) == 0


def test_measuring_a_cut_model_ignores_what_was_cut_away(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer()
    page.get_by_label("Cut open", exact=True).first.click()
    page.get_by_role("button", name="Y", exact=True).click()
    look_from(page, "Front")
    page.get_by_label("Measure").click()

    click_at(page, (-9.9, 10, 10))
    click_at(page, (9.9, 10, 10))

    # Both rays pass where the front was and meet the back wall, which lies at y = 10.
    expect(page.locator("[data-out=reading]")).to_contain_text("y 0,")


def test_shading_changes_the_picture_and_the_pressed_button(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer()
    solid = picture(page)

    page.get_by_label("Wireframe").click()
    wireframe = picture(page)
    page.get_by_label("See-through").click()
    clear = picture(page)

    expect(page.get_by_label("See-through")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Solid")).to_have_attribute("aria-pressed", "false")
    assert (solid != wireframe).any()
    assert (wireframe != clear).any()
    assert (clear[..., 3] > 250).mean() < (solid[..., 3] > 250).mean()


def test_keyboard_turns_zooms_and_fits(page: Page, open_viewer: OpenViewer) -> None:
    viewer = open_viewer()
    viewer.focus()
    seen = [page.evaluate(CAMERA)]

    for key in ("ArrowLeft", "ArrowUp", "+", "-"):
        page.keyboard.press(key)
        seen.append(page.evaluate(CAMERA))
    page.keyboard.press("f")

    assert len(set(seen[:4])) == 4
    assert page.evaluate(CAMERA) == seen[0]


def test_pointer_turns_the_model(page: Page, open_viewer: OpenViewer) -> None:
    viewer = open_viewer()
    before = page.evaluate(CAMERA)
    box = viewer.bounding_box()
    assert box

    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 320, steps=4)
    page.mouse.up()

    assert page.evaluate(CAMERA) != before


def test_finger_turns_the_model_and_taps_measure(
    browser: Browser, open_viewer: OpenViewer, site: Site
) -> None:
    open_viewer()
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site.address)
    page.wait_for_selector("mesh-viewer[data-state=ready]")
    before = page.evaluate(CAMERA)

    touches = context.new_cdp_session(page)
    for kind, x in (("touchStart", 150), ("touchMove", 180), ("touchMove", 230), ("touchEnd", 0)):
        points = [{"x": x, "y": 250}] if x else []
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function(f"() => {CAMERA} !== {before!r}")
    page.get_by_label("Measure").tap()
    expect(page.get_by_label("Measure")).to_have_attribute("aria-pressed", "true")
    page.touchscreen.tap(190, 260)

    expect(page.locator("[data-out=reading]")).to_have_text("Click the second point")
    context.close()


def test_viewer_fills_the_screen_and_comes_back(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer()
    fills = "() => !!document.fullscreenElement?.matches('[data-viewer]')"

    page.get_by_label("Full screen").click()
    page.wait_for_function(fills)
    page.get_by_label("Full screen").click()

    page.wait_for_function("() => !document.fullscreenElement")


def test_model_larger_than_the_bed_is_said_to_be_too_big(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer(bed="15,220")
    on_bed = picture(page)

    expect(page.locator("[data-out=bed]")).to_have_text("Too big for the 15 × 220 mm bed")
    page.get_by_label("Print bed").click()
    red = (on_bed[..., 0] > 200) & (on_bed[..., 1] < 110)
    assert red.any()
    assert (picture(page) != on_bed).any()


def test_picture_is_saved_under_the_name_of_the_model(page: Page, open_viewer: OpenViewer) -> None:
    open_viewer()

    with page.expect_download() as download:
        page.get_by_label("Save a picture").click()

    assert download.value.suggested_filename == "Cube.png"
    with Image.open(download.value.path()) as saved:
        assert saved.width > 400


def test_full_quality_draws_light_and_shadow(page: Page, open_viewer: OpenViewer) -> None:
    viewer = open_viewer()
    lite = picture(page)

    viewer.evaluate("viewer => { viewer.setAttribute('quality', 'full'); return viewer.load(); }")

    expect(viewer).to_have_attribute("data-state", "ready")
    expect(viewer).to_have_attribute("data-quality", "full")
    assert picture(page).shape != lite.shape or (picture(page) != lite).any()


def test_viewers_that_come_and_go_leave_no_context_behind(page: Page, open_viewer: OpenViewer) -> None:
    viewer = open_viewer()
    canvas = page.evaluate_handle("document.querySelector('mesh-viewer').stage.canvas")

    # More than the sixteen contexts a browser keeps alive: it would complain on the console.
    for _ in range(20):
        viewer.evaluate(
            "viewer => { const parent = viewer.parentNode; viewer.remove(); parent.prepend(viewer); }"
        )
        page.wait_for_selector("mesh-viewer[data-state=ready]")
    viewer.evaluate("viewer => viewer.remove()")

    assert canvas.evaluate("canvas => canvas.getContext('webgl2').isContextLost()")
    assert page.locator("canvas").count() == 0


@pytest.mark.parametrize(
    ("src", "sentence"),
    [
        ("/none.glb", "There is no 3D view of this file yet."),
        ("/broken.glb", "The 3D view could not be read."),
    ],
)
def test_failure_is_told_in_words_and_can_be_retried(
    page: Page, open_viewer: OpenViewer, site: Site, complaints: list[str], src: str, sentence: str
) -> None:
    open_viewer(src=src, state="error")
    expect(page.locator("[data-status]")).to_contain_text(sentence)
    expect(page.get_by_alt_text("Picture of Cube")).to_be_visible()
    complaints.clear()
    before = site.answers.pop(src, None)
    site.answers[src] = site.answers["/cube.glb"]

    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("mesh-viewer[data-state=ready]")

    expect(page.locator("[data-status]")).to_be_hidden()
    site.answers.pop(src)
    if before:
        site.answers[src] = before


def test_without_webgl_the_picture_stays_and_the_reason_is_told(page: Page, open_viewer: OpenViewer) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")

    open_viewer(state="unsupported")

    expect(page.locator("[data-status]")).to_contain_text("WebGL is off")
    expect(page.get_by_label("Measure")).to_be_hidden()


def test_without_script_the_picture_and_a_sentence_are_there(
    browser: Browser, open_viewer: OpenViewer, site: Site
) -> None:
    open_viewer()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(site.address)

    expect(page.get_by_alt_text("Picture of Cube")).to_be_visible()
    expect(page.get_by_text("needs JavaScript")).to_be_visible()
    expect(page.get_by_label("Measure")).to_be_hidden()
    context.close()
