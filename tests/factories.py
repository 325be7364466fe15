"""Makers of rows for tests: each gives a valid row and takes what a test cares about."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from collections_app.models import Collection, Creator, Tag
from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D, ModelFile, Printer
from scanning.models import Problem, Scan, Upload, UploadBatch

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password(PASSWORD)


class OwnerFactory(UserFactory):
    is_staff = True
    is_superuser = True


class EditorFactory(UserFactory):
    is_editor = True


class LibraryFactory(DjangoModelFactory):
    class Meta:
        model = Library

    name = factory.Sequence(lambda n: f"Library {n}")
    path = factory.Sequence(lambda n: f"/srv/library-{n}")


class CollectionFactory(DjangoModelFactory):
    class Meta:
        model = Collection

    name = factory.Sequence(lambda n: f"Collection {n}")


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"tag {n}")


class CreatorFactory(DjangoModelFactory):
    class Meta:
        model = Creator

    name = factory.Sequence(lambda n: f"Creator {n}")


class Model3DFactory(DjangoModelFactory):
    class Meta:
        model = Model3D

    library = factory.SubFactory(LibraryFactory)
    name = factory.Sequence(lambda n: f"Model {n}")
    relative_path = factory.LazyAttribute(lambda model: model.name)


class ModelFileFactory(DjangoModelFactory):
    class Meta:
        model = ModelFile

    model = factory.SubFactory(Model3DFactory)
    library = factory.SelfAttribute("model.library")
    relative_path = factory.Sequence(lambda n: f"Folder/part {n}.stl")
    extension = "stl"
    kind = "mesh"
    size_bytes = 684
    mtime_ns = 1_700_000_000_000_000_000


class PrinterFactory(DjangoModelFactory):
    class Meta:
        model = Printer

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Printer {n}")
    bed_x_mm = 180.0
    bed_y_mm = 180.0
    bed_z_mm = 200.0


class ScanFactory(DjangoModelFactory):
    class Meta:
        model = Scan

    library = factory.SubFactory(LibraryFactory)


class ProblemFactory(DjangoModelFactory):
    class Meta:
        model = Problem

    file = factory.SubFactory(ModelFileFactory)
    model = factory.SelfAttribute("file.model")
    library = factory.SelfAttribute("file.library")
    kind = "not_watertight"
    sentence = "The mesh has 3 holes."


class UploadBatchFactory(DjangoModelFactory):
    class Meta:
        model = UploadBatch

    library = factory.SubFactory(LibraryFactory)
    user = factory.SubFactory(OwnerFactory)
    touched_at = factory.LazyFunction(timezone.now)


class UploadFactory(DjangoModelFactory):
    class Meta:
        model = Upload

    batch = factory.SubFactory(UploadBatchFactory)
    relative_path = factory.Sequence(lambda n: f"part {n}.stl")
    size_bytes = 684
