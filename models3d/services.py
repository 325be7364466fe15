"""Changes that people make to a model: fields, tags, creator, with the words and counters that follow from them."""

from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from collections_app.models import Creator, Tag
from collections_app.shelving import Place, collections_at
from models3d.curation import refresh_tag_words
from models3d.derived import refresh_models
from models3d.models import Model3D, Preview

MOST_TAGS: Final = 100
LONGEST_TAG: Final = 100


class NotesChangedMeanwhile(Exception):
    """Somebody else changed the notes since they were opened. Look at theirs, then save again."""

    def __init__(self, current: str) -> None:
        super().__init__(
            "Somebody else changed these notes meanwhile. Theirs are shown below; save again to keep yours."
        )
        self.current = current


def edit_model(
    model_id: int,
    *,
    name: str | None = None,
    notes: str | None = None,
    notes_before: str | None = None,
    license: str | None = None,
    links: list[str] | None = None,
    is_sensitive: bool | None = None,
) -> Model3D:
    """Set the given fields, and remember that a person did. Raises Model3D.DoesNotExist and NotesChangedMeanwhile.

    `notes_before` is what the person saw when they began to write; None overwrites whatever is there.
    """
    given = {
        "name": name, "notes": notes, "license": license, "links": links, "is_sensitive": is_sensitive,
    }  # fmt: skip
    with transaction.atomic():
        model = _locked(model_id)
        if notes is not None and notes_before is not None and model.notes not in {notes_before, notes}:
            raise NotesChangedMeanwhile(model.notes)
        changed = [
            field for field, value in given.items() if value is not None and getattr(model, field) != value
        ]
        for field in changed:
            setattr(model, field, given[field])
        _save(model, changed)
    return model


def set_tags(model_id: int, names: Iterable[str], *, before: Iterable[str] | None = None) -> Model3D:
    """Give a model the tags called `names`; new ones are made. Raises Model3D.DoesNotExist.

    `before` are the names that the person saw: only what they added and took away is changed then, so that two people
    who tag at once do not undo each other. None sets exactly `names`.
    """
    wanted = tag_names(names)
    with transaction.atomic():
        made = Tag.objects.named(wanted)
        seen = Tag.objects.known(tag_names(before)) if before is not None else []
        # Tags are locked before the model and in one order, as everywhere, so that two editors never wait for each other.
        Tag.objects.lock({tag.pk for tag in (*made, *seen)})
        model = _locked(model_id)
        has = set(model.tags.values_list("pk", flat=True))
        wants = {tag.pk for tag in made}
        saw = {tag.pk for tag in seen} if before is not None else has
        added, removed = wants - has, (saw - wants) & has
        model.tags.add(*added)
        model.tags.remove(*removed)
        if model.missing_since is None:
            Tag.objects.filter(pk__in=added).update(model_count=F("model_count") + 1)
            Tag.objects.filter(pk__in=removed, model_count__gt=0).update(model_count=F("model_count") - 1)
        if added or removed:
            refresh_tag_words([model.pk])
            model.refresh_from_db(fields=["tag_words"])
            _save(model, ["tags"])
    return model


def set_collections(model_id: int, places: Iterable[Place], *, before: Iterable[int]) -> Model3D:
    """Put a model into the collections at `places`, made where there are none. Raises Model3D.DoesNotExist.

    Of those in `before`, the ones that the person saw, it leaves what is not among them; others stay as they are.
    """
    wanted = list(places)
    with transaction.atomic():
        made = collections_at(wanted)
        model = _locked(model_id)
        has = set(model.collections.values_list("pk", flat=True))
        wants = {made[place] for place in wanted}
        added, removed = wants - has, (set(before) - wants) & has
        model.collections.add(*added)
        model.collections.remove(*removed)
        if added or removed:
            _save(model, ["collections"])
    return model


def set_creator(model_id: int, name: str) -> Model3D:
    """Say who designed a model; a new creator is made, an empty name takes it away. Raises Model3D.DoesNotExist."""
    name = " ".join(name.split())
    with transaction.atomic():
        creator = Creator.objects.named([name])[0] if name else None
        before = Model3D.objects.values_list("creator_id", flat=True).get(pk=model_id)
        after = creator.pk if creator else None
        Creator.objects.lock([pk for pk in (before, after) if pk])
        model = _locked(model_id)
        if model.creator_id == after:
            return model
        if model.missing_since is None:
            for pk, change in ((model.creator_id, -1), (after, 1)):
                if pk:
                    Creator.objects.filter(pk=pk).update(model_count=Greatest(F("model_count") + change, 0))
        model.creator = creator
        model.creator_words = creator.name if creator else ""
        _save(model, ["creator"], follow=["creator_words"])
    return model


def choose_cover(model_id: int, file_id: int | None) -> Model3D:
    """Have a file's picture stand for the model, or with None the one that the rule finds.

    Raises Model3D.DoesNotExist, and ModelFile.DoesNotExist if the model has no such file or the file no picture.
    """
    with transaction.atomic():
        model = _locked(model_id)
        if file_id is not None:
            pictured = Preview.objects.filter(form=Preview.Form.PICTURE).values("sha256")
            model.cover = model.files.present().filter(sha256__in=pictured).get(pk=file_id)
        else:
            model.cover = None
        _save(model, ["cover"])
        refresh_models([model_id])
    return model


def tag_names(typed: Iterable[str]) -> list[str]:
    """Names of tags as they are kept: blanks collapsed, each once whatever its case, in the order given.

    >>> tag_names([" print  in place", "Toy", "toy", ""])
    ['print in place', 'Toy']
    """
    names: dict[str, str] = {}
    for name in typed:
        tidy = " ".join(name.replace("\x00", "").split())
        if tidy:
            names.setdefault(tidy.lower(), tidy)
    return list(names.values())


def _locked(model_id: int) -> Model3D:
    return (
        Model3D.objects.select_for_update(of=("self",), no_key=True).defer("search_vector").get(pk=model_id)
    )


def _save(model: Model3D, changed: Collection[str], *, follow: Collection[str] = ()) -> None:
    """Write the changed fields; many-to-many ones are written already and only remembered."""
    if not changed:
        return
    model.edited_fields = sorted({*model.edited_fields, *changed})
    columns = [field for field in changed if field not in {"tags", "collections"}]
    model.save(update_fields=[*columns, *follow, "edited_fields", "updated_at"])
