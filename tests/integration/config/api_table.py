"""Who gets what from every operation of the API: the table that `test_api_access` tries out, as `access_table` for pages.

An operation of the description needs a line here: what stands in its address and its body (words of the scene in braces),
and who is let in.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.integration.config.access_table import (
    ARRANGES_SEEN,
    BEGAN,
    EDITORS,
    EDITS,
    OWNER,
    SEES,
    SIGNED_IN,
    WHO_ASKED,
    Line,
)

#                     owner     editor     viewer    stranger   foreign editor  anonymous
MINE = Line(          "ok",     "hidden",  "hidden", "hidden",  "hidden",       "sign-in")  # fmt: skip
BRINGS = Line(        "ok",     "ok",      "refused", "refused", "hidden",      "sign-in")  # fmt: skip
TUS: Final = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class Try:
    """How an operation is tried. `query` and the texts of `body` may name rows of the scene in braces."""

    who: Line
    body: dict[str, Any] | None = None
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)


OPERATIONS: Final[dict[str, Try]] = {
    # Libraries
    "list_libraries": Try(SIGNED_IN),
    "get_library": Try(SEES),
    "add_library": Try(OWNER, {"path": "{folder}"}),
    "change_library": Try(OWNER, {"name": "Minis"}),
    "remove_library": Try(OWNER),
    # Models
    "list_models": Try(SIGNED_IN),
    "get_model": Try(SEES),
    "change_model": Try(EDITS, {"name": "Orc", "tags": ["toy"], "creator": "Ada", "collections": [["Toys", "Orcs"]]}),
    "mark_model": Try(SEES, {"is_favorite": True, "rating": 5}),
    "download_model": Try(SEES),
    "get_model_picture": Try(SEES),
    "list_files": Try(SEES),
    "list_similar": Try(SEES),
    # Files
    "get_file": Try(SEES),
    "download_file": Try(SEES),
    "get_preview": Try(SEES),
    # How people group them
    "list_collections": Try(SIGNED_IN),
    "get_collection": Try(SEES),
    "add_collection": Try(EDITORS, {"name": "New"}),
    "change_collection": Try(ARRANGES_SEEN, {"name": "Orcs"}),
    "delete_collection": Try(ARRANGES_SEEN),
    "list_tags": Try(SIGNED_IN),
    "get_tag": Try(SEES),
    "change_tag": Try(ARRANGES_SEEN, {"name": "orcs"}),
    "delete_tag": Try(ARRANGES_SEEN),
    "list_creators": Try(SIGNED_IN),
    "get_creator": Try(SEES),
    "change_creator": Try(ARRANGES_SEEN, {"name": "Ada", "links": ["https://example.org/ada"]}),
    "delete_creator": Try(ARRANGES_SEEN),
    # Searching
    "list_searches": Try(SIGNED_IN),
    "get_search": Try(MINE),
    "add_search": Try(SIGNED_IN, {"name": "Dragons", "query": "q=dragon"}),
    "change_search": Try(MINE, {"name": "Dragons"}),
    "delete_search": Try(MINE),
    "suggest": Try(SIGNED_IN, query="?q=tag:"),
    # What is alike
    "list_duplicates": Try(SIGNED_IN),
    "say_not_duplicates": Try(EDITS, {"files": ["{file}", "{failed_file}"]}),
    # Jobs
    "list_jobs": Try(SIGNED_IN),
    "get_job": Try(WHO_ASKED),
    "cancel_job": Try(WHO_ASKED),
    "undo_job": Try(WHO_ASKED),
    # Scans and problems
    "list_scans": Try(SIGNED_IN),
    "get_scan": Try(SEES),
    "start_scan": Try(EDITS, {"library_id": "{library}"}),
    "cancel_scan": Try(EDITS),
    "pause_scan": Try(EDITS),
    "resume_scan": Try(EDITS),
    "list_reports": Try(SEES),
    "list_report_entries": Try(SEES, query="?what=new"),
    "list_problems": Try(SIGNED_IN),
    "get_problem": Try(SEES),
    "ignore_problem": Try(OWNER),
    "restore_problem": Try(OWNER),
    # Uploads: each belongs to the person who began it
    "begin_upload": Try(BRINGS, {"library_id": "{library}"}),
    "get_upload": Try(BEGAN),
    "submit_upload": Try(BEGAN),
    "give_up_upload": Try(BEGAN),
    "answer_upload": Try(BEGAN, {"choice": "remove"}),
    "announce_file": Try(BEGAN, headers={**TUS, "Upload-Length": "5"}),
    "ask_file": Try(BEGAN, headers=TUS),
    "send_piece": Try(
        BEGAN,
        headers={**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    ),
    "give_up_file": Try(BEGAN, headers=TUS),
}  # fmt: skip
# What of the scene stands in an address, by the words before it: `/models/{pk}` has the number of the model.
PARTS: Final = {
    "libraries": "library", "models": "model", "files": "file", "collections": "collection", "tags": "tag",
    "creators": "creator", "searches": "search", "jobs": "bulk_edit", "scans": "scan", "problems": "problem",
    "uploads": "upload_batch", "uploads/files": "upload", "uploads/tus": "upload", "previews": "=small",
}  # fmt: skip
