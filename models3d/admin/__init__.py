"""The admin of this room; Django finds it here."""

from models3d.admin.bulk import BulkEditAdmin
from models3d.admin.changes import FileChangeAdmin, HistoryEntryAdmin, MoveAdmin
from models3d.admin.groups import CreatorAdmin, TagAdmin
from models3d.admin.printers import PrinterAdmin
from models3d.admin.rows import MarkAdmin, Model3DAdmin, ModelFileAdmin, PreviewAdmin

__all__ = [
    "BulkEditAdmin",
    "CreatorAdmin",
    "FileChangeAdmin",
    "HistoryEntryAdmin",
    "MarkAdmin",
    "Model3DAdmin",
    "ModelFileAdmin",
    "MoveAdmin",
    "PreviewAdmin",
    "PrinterAdmin",
    "TagAdmin",
]
