"""Models, their files and the pictures made of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import MD5, Coalesce
from django.urls import reverse
from slugify import slugify

from collections_app.models import Collection, Creator, Tag
from config.lib.template_tags import duration, mm
from libraries.models import Library
from libraries.paths import display_path
from models3d.bulk_models import BulkChange as BulkChange
from models3d.bulk_models import BulkEdit as BulkEdit
from models3d.change_models import FileChange as FileChange
from models3d.change_models import FileStep as FileStep
from models3d.change_models import HistoryEntry as HistoryEntry
from models3d.change_models import Move as Move
from models3d.former_models import FormerModel as FormerModel
from models3d.kinds import KINDS
from models3d.print_models import PrintFigures
from models3d.printer_models import Printer as Printer
from models3d.put_aside_models import PutAside
from models3d.querysets import Model3DQuerySet, ModelFileQuerySet
from models3d.shape_models import Shape

SEARCH_CONFIG = "layershelf"


def _words(field: str) -> models.Func:
    """The text of `field` with file-name punctuation and camelCase split, so that `dragonHead_v2.stl` is found by "head"."""
    return models.Func(models.F(field), function="layershelf_words", output_field=models.TextField())


class Model3D(models.Model):
    """One printable thing: a folder, a single file, or one entry of an archive.

    `relative_path` is the folder or file it stands for, relative to the library's root. Columns below “derived” follow
    from the files and are kept by `models3d.derived`; what a person typed stands in `edited_fields` and is never parsed over.
    """

    # No index of its own where another one begins with the column: each costs time for every file of a first scan.
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="models", db_index=False)
    relative_path = models.TextField()
    name = models.CharField(max_length=500)
    creator = models.ForeignKey(
        Creator,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="models",
        db_index=False,
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="models")
    collections = models.ManyToManyField(Collection, blank=True, related_name="models")
    license = models.CharField(
        "licence", max_length=100, blank=True, help_text="SPDX identifier, such as CC-BY-4.0."
    )
    links = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True, help_text="Markdown.")
    is_sensitive = models.BooleanField("sensitive", default=False)
    custom_fields = models.JSONField(default=dict, blank=True)
    cover = models.ForeignKey(
        "ModelFile",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        help_text="Picture chosen by a person.",
    )
    edited_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    added_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    # Derived
    missing_since = models.DateTimeField(null=True, blank=True, editable=False)
    file_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    total_bytes = models.BigIntegerField(default=0, db_default=0, editable=False)
    formats = ArrayField(models.CharField(max_length=20), default=list, db_default=[], editable=False)
    cover_sha256 = models.CharField(max_length=64, default="", db_default="", editable=False)
    size_x_mm = models.FloatField(null=True, editable=False)
    size_y_mm = models.FloatField(null=True, editable=False)
    size_z_mm = models.FloatField(null=True, editable=False)
    largest_size_mm = models.GeneratedField(
        expression=models.functions.Greatest("size_x_mm", "size_y_mm", "size_z_mm"),
        output_field=models.FloatField(null=True),
        db_persist=True,
    )
    is_watertight = models.BooleanField(
        null=True, editable=False, help_text="Whether every mesh of the model is."
    )
    sort_name = models.GeneratedField(
        expression=models.Func("name", function="layershelf_sort_key", output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
    )
    tag_words = models.TextField(default="", db_default="", editable=False)
    creator_words = models.TextField(default="", db_default="", editable=False)
    file_words = models.TextField(default="", db_default="", editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector(_words("name"), config=SEARCH_CONFIG, weight="A")
        + SearchVector(_words("tag_words"), config=SEARCH_CONFIG, weight="B")
        + SearchVector(_words("creator_words"), config=SEARCH_CONFIG, weight="B")
        + SearchVector(_words("file_words"), config=SEARCH_CONFIG, weight="C")
        + SearchVector(_words("notes"), config=SEARCH_CONFIG, weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = Model3DQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-id"]
        verbose_name = "model"
        constraints = [
            # A path may be longer than the 2,700 bytes that an index entry holds, hence the digest.
            models.UniqueConstraint("library", MD5("relative_path"), name="model_path_unique"),
        ]
        indexes = [
            models.Index(fields=["-added_at", "-id"], name="model_newest"),
            models.Index(fields=["library", "-added_at", "-id"], name="model_library_newest"),
            models.Index(fields=["creator", "-added_at", "-id"], name="model_creator_newest"),
            models.Index(fields=["sort_name", "id"], name="model_by_name"),
            models.Index(fields=["-total_bytes", "-id"], name="model_by_bytes"),
            models.Index(
                models.F("largest_size_mm").desc(nulls_last=True), models.F("id").desc(), name="model_by_size"
            ),
            models.Index(fields=["cover"], name="model_covered_by", condition=models.Q(cover__isnull=False)),
            models.Index(fields=["license"], name="model_licensed", condition=~models.Q(license="")),
            models.Index(fields=["id"], name="model_sensitive", condition=models.Q(is_sensitive=True)),
            # Entries wait in a list of up to 4 MB and are sorted in together, at a quarter less work for a new model. Searches
            # read the list, too: 2 ms more while 20,000 wait.
            GinIndex(fields=["search_vector"], name="model_search"),
            GinIndex(fields=["formats"], name="model_formats", fastupdate=False),
            GinIndex(OpClass("name", "gin_trgm_ops"), name="model_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("models3d:detail", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The name as part of an address; never empty, never trusted."""
        return slugify(self.name, max_length=60) or "model"

    @property
    def display_path(self) -> str:
        """The path as people may read it."""
        return display_path(self.relative_path)


class ModelFile(PrintFigures, PutAside):
    """One file of a model. `relative_path` is relative to the library's root, as `libraries.paths.row_path` writes it.

    Only scanning creates these rows. Geometry is in mm with z up; a volume is approximate unless the mesh is watertight.
    """

    class Role(models.TextChoices):
        NONE = "", "—"
        SUPPORTED = "supported", "Supported"
        UNSUPPORTED = "unsupported", "Unsupported"
        SLICED = "sliced", "Sliced"
        RENDER = "render", "Picture"
        DOCUMENT = "document", "Document"
        SOURCE = "source", "Source"

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="files", db_index=False)
    model = models.ForeignKey(Model3D, null=True, on_delete=models.SET_NULL, related_name="files")
    archive = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="members",
        db_index=False,
        help_text="The archive this file is inside of.",
    )
    relative_path = models.TextField()
    extension = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, choices=[(kind.name, kind.label) for kind in KINDS])
    role = models.CharField(max_length=12, choices=Role, blank=True, default="", db_default="")
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField(null=True)
    etag = models.CharField(max_length=200, blank=True, default="", db_default="")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    caption = models.CharField(max_length=500, blank=True, default="", db_default="")
    notes = models.TextField(blank=True, default="", db_default="")
    first_seen_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    missing_since = models.DateTimeField(null=True, blank=True)
    binned_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="In the bin since; it counts as missing, too."
    )

    # State of the one pass that hashes, measures and pictures the file. The row is the queue.
    analysis_state = models.CharField(
        max_length=8, choices=State, default=State.PENDING, db_default="pending"
    )
    analysis_claimed_until = models.DateTimeField(null=True, blank=True)
    analysis_attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    analysis_error_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    analysis_error = models.TextField(blank=True, default="", db_default="")
    analyzed_at = models.DateTimeField(null=True, blank=True)
    are_problems_stale = models.BooleanField(default=False, db_default=False)

    # Of archives: which size, time and rules the listing of its files was made by, and why it is not complete.
    listed_as = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    listing_error_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    listing_error = models.TextField(blank=True, default="", db_default="")

    # Facts of a mesh
    triangle_count = models.BigIntegerField(null=True, blank=True)
    vertex_count = models.BigIntegerField(null=True, blank=True)
    size_x_mm = models.FloatField(null=True, blank=True)
    size_y_mm = models.FloatField(null=True, blank=True)
    size_z_mm = models.FloatField(null=True, blank=True)
    volume_mm3 = models.FloatField(null=True, blank=True)
    is_volume_approximate = models.BooleanField(null=True, blank=True)
    area_mm2 = models.FloatField(null=True, blank=True)
    is_watertight = models.BooleanField(null=True, blank=True)
    is_closed_within_tolerance = models.BooleanField(null=True, blank=True)
    boundary_edge_count = models.BigIntegerField(null=True, blank=True)
    nonmanifold_edge_count = models.BigIntegerField(null=True, blank=True)
    hole_count = models.IntegerField(null=True, blank=True)
    body_count = models.IntegerField(null=True, blank=True)
    inverted_body_count = models.IntegerField(null=True, blank=True)
    degenerate_count = models.BigIntegerField(null=True, blank=True)
    dropped_triangle_count = models.BigIntegerField(null=True, blank=True)
    is_winding_consistent = models.BooleanField(null=True, blank=True)
    shape_invariants = ArrayField(models.FloatField(), null=True, blank=True, editable=False)
    shape_chirality = models.FloatField(null=True, blank=True, editable=False)
    shape_scale_mm = models.FloatField(null=True, blank=True, editable=False)
    shape_histogram = ArrayField(models.SmallIntegerField(), null=True, blank=True, editable=False)
    shape = models.ForeignKey(
        Shape,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="files",
        db_index=False,
    )
    warnings = ArrayField(models.TextField(), default=list, db_default=[], blank=True, editable=False)
    # Facts of a sliced file, as its slicer wrote them; of all plates together
    slicer = models.CharField(max_length=120, blank=True, default="", db_default="")
    printer_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    material = models.CharField(max_length=120, blank=True, default="", db_default="")
    layer_height_mm = models.FloatField(null=True, blank=True)
    nozzle_mm = models.FloatField(null=True, blank=True)
    print_seconds = models.PositiveIntegerField(null=True, blank=True)
    filament_mm = models.FloatField(null=True, blank=True)
    filament_grams = models.FloatField(null=True, blank=True)
    filament_cost = models.FloatField(
        null=True, blank=True, help_text="In whatever currency the slicer counts."
    )
    resin_ml = models.FloatField(null=True, blank=True)
    exposure_seconds = models.FloatField(null=True, blank=True, help_text="Of a normal layer.")
    layer_count = models.PositiveIntegerField(null=True, blank=True)
    plate_count = models.PositiveIntegerField(null=True, blank=True)
    # Facts of an image
    width_px = models.PositiveIntegerField(null=True, blank=True)
    height_px = models.PositiveIntegerField(null=True, blank=True)

    objects = ModelFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "file"
        constraints = [
            models.UniqueConstraint("library", MD5("relative_path"), name="file_path_unique"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="file_by_content", condition=~models.Q(sha256="")),
            models.Index(fields=["size_bytes"], name="file_by_bytes"),
            models.Index(
                fields=["id"],
                name="file_pending",
                condition=models.Q(analysis_state="pending", missing_since=None),
            ),
            models.Index(
                fields=["-analyzed_at"], name="file_failed", condition=models.Q(analysis_state="failed")
            ),
            models.Index(
                fields=["id"], name="file_problems_stale", condition=models.Q(are_problems_stale=True)
            ),
            models.Index(
                fields=["archive"], name="file_in_archive", condition=models.Q(archive__isnull=False)
            ),
            models.Index(fields=["shape"], name="file_of_shape", condition=models.Q(shape__isnull=False)),
            models.Index(
                fields=["library", "id"],
                name="file_archive",
                condition=models.Q(kind="archive", archive=None),
            ),
            models.Index(fields=["library", "id"], name="file_listed", condition=~models.Q(listed_as="")),
            models.Index(
                fields=["library", "id"], name="file_missing", condition=models.Q(missing_since__isnull=False)
            ),
            models.Index(fields=["model"], name="file_binned", condition=models.Q(binned_at__isnull=False)),
            models.Index(
                fields=["id"],
                name="file_shape_unsettled",
                condition=models.Q(shape_histogram__isnull=False, shape=None),
            ),
            models.Index(
                fields=["-put_aside_at", "-id"],
                name="file_put_aside",
                condition=models.Q(put_aside_at__isnull=False),
            ),
            models.Index(
                fields=["triangle_count"],
                name="file_by_triangles",
                condition=models.Q(triangle_count__isnull=False),
            ),
            models.Index(
                fields=["volume_mm3"], name="file_by_volume", condition=models.Q(volume_mm3__isnull=False)
            ),
            models.Index(fields=["size_x_mm"], name="file_by_x", condition=models.Q(size_x_mm__isnull=False)),
            models.Index(fields=["size_y_mm"], name="file_by_y", condition=models.Q(size_y_mm__isnull=False)),
            models.Index(fields=["size_z_mm"], name="file_by_z", condition=models.Q(size_z_mm__isnull=False)),
            models.Index(
                fields=["area_mm2"], name="file_by_area", condition=models.Q(area_mm2__isnull=False)
            ),
            models.Index(
                Coalesce("filament_grams", "estimated_filament_grams"),
                name="file_by_grams",
                condition=models.Q(filament_grams__isnull=False)
                | models.Q(estimated_filament_grams__isnull=False),
            ),
            models.Index(
                fields=["model"],
                name="file_sliced",
                condition=models.Q(layer_height_mm__isnull=False)
                | models.Q(print_seconds__isnull=False)
                | ~models.Q(material="")
                | ~models.Q(printer_name="")
                | ~models.Q(slicer=""),
            ),
        ]

    def __str__(self) -> str:
        return display_path(self.relative_path)

    @property
    def file_name(self) -> str:
        """The last part of the path, as people may read it."""
        return display_path(self.relative_path.rpartition("/")[2])

    @property
    def slicing_in_brief(self) -> str:
        """How a sliced file prints, as in "0.2 mm · PLA · 6 h 42 min · 98 g · MK3S"; empty where nothing is known."""
        parts = (
            self.layer_height_mm and f"{self.layer_height_mm:g} mm",
            self.material,
            self.print_seconds and duration(self.print_seconds),
            self.filament_grams and f"{mm(self.filament_grams)} g",
            self.resin_ml and f"{mm(self.resin_ml)} ml",
            self.plate_count and self.plate_count > 1 and f"{self.plate_count} plates",
            self.printer_name,
        )
        return " · ".join(part for part in parts if part)

    @property
    def format_label(self) -> str:
        """The extension as shown on cards: `STL`, or `file` where there is none."""
        return self.extension.upper() or "file"


class Preview(models.Model):
    """A derivative in the data folder, made once per content: the picture (two sizes) or the light mesh for the browser."""

    class Form(models.TextChoices):
        PICTURE = "picture", "Picture"
        LIGHT_MESH = "light_mesh", "Light mesh"

    sha256 = models.CharField(max_length=64)
    form = models.CharField(max_length=10, choices=Form)
    version = models.PositiveSmallIntegerField()
    size_bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sha256", "form"], name="preview_once_per_content")]

    def __str__(self) -> str:
        return f"{self.get_form_display()} of {self.sha256[:12]}"


class Mark(models.Model):
    """What one person thinks of one model: favourite, and a rating from 1 to 5."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="marks")
    model = models.ForeignKey(Model3D, on_delete=models.CASCADE, related_name="marks")
    is_favorite = models.BooleanField("favourite", default=False)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "model"], name="mark_once_per_user"),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="mark_rating_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.model}"
