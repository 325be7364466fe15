"""Who gets what from every address: the table that `test_access` tries out. A new address needs a line here.

How to add one: `"app:name": SEES(pk="model")` for GET, `POST(EDITS)(pk="model")` for POST. The name is the one in urls.py; the
words give the parts of the address, by the name of a row of `Scene` (its number is put in) or as they are (`part="=name"`);
a `query` names rows in braces. Choose the line that says who is let in; where none fits, write `Line("ok", "ok", …)` of its
own. Several addresses of one name, such as the operations of an interface, or GET and POST, are a list of lines.

Outcomes: ok (an answer, or a form with errors), hidden (404), refused (403), sign-in (led there, or 401).
"""

from dataclasses import dataclass, field, replace
from typing import Final

PEOPLE: Final = ("owner", "editor", "viewer", "stranger", "foreign editor", "anonymous")


@dataclass(frozen=True)
class Line:
    """What each of PEOPLE gets; `editor` and `viewer` are members of the library, the next two are strangers to it."""

    owner: str
    editor: str
    viewer: str
    stranger: str
    foreign_editor: str
    anonymous: str
    method: str = "GET"
    arguments: dict[str, str] = field(default_factory=dict)
    query: str = ""

    def __call__(self, *, query: str = "", **arguments: str) -> "Line":
        """The same for an address with these parts."""
        return replace(self, arguments=arguments, query=query)

    @property
    def outcomes(self) -> dict[str, str]:
        """Who gets what."""
        found = (self.owner, self.editor, self.viewer, self.stranger, self.foreign_editor, self.anonymous)
        return dict(zip(PEOPLE, found, strict=True))


def POST(line: Line) -> Line:
    """The same people, by POST."""
    return replace(line, method="POST")


#                   owner     editor     viewer     stranger   foreign editor  anonymous
OPEN = Line(        "ok",     "ok",      "ok",      "ok",      "ok",           "ok")  # fmt: skip
PROGRAMS = Line(    "refused", "refused", "refused", "refused", "refused",     "refused")  # fmt: skip  # have a token
SIGNED_IN = Line(   "ok",     "ok",      "ok",      "ok",      "ok",           "sign-in")  # fmt: skip
EDITORS = Line(     "ok",     "ok",      "refused", "refused", "ok",           "sign-in")  # fmt: skip
OWNER = Line(       "ok",     "hidden",  "hidden",  "hidden",  "hidden",       "sign-in")  # fmt: skip
# Things of a library that only its members may see:
SEES = Line(        "ok",     "ok",      "ok",      "hidden",  "hidden",       "sign-in")  # fmt: skip
EDITS = Line(       "ok",     "ok",      "refused", "hidden",  "hidden",       "sign-in")  # fmt: skip
# What the owner began:
BEGAN = Line(       "ok",     "hidden",  "refused", "refused", "hidden",       "sign-in")  # fmt: skip
# What all people share, changed by editors who see every library, which the editor here does not (there is the bucket);
# the same of things that only members see; and what the editor asked for:
ARRANGES = Line(    "ok",     "refused", "refused", "refused", "refused",      "sign-in")  # fmt: skip
ARRANGES_SEEN = Line("ok",    "refused", "refused", "hidden",  "hidden",       "sign-in")  # fmt: skip
WHO_ASKED = Line(   "ok",     "ok",      "hidden",  "hidden",  "hidden",       "sign-in")  # fmt: skip
# What is asked of files that the body names; who may is in test_reviewing_duplicates:
NAMES_NO_FILE = Line("hidden", "hidden", "hidden", "hidden", "hidden",       "sign-in")  # fmt: skip

TABLE: Final[dict[str, Line | list[Line]]] = {
    "healthz": OPEN,
    # Its operations are tried one by one by test_api_access
    "api": SIGNED_IN(rest="=models"),
    "api_description": OPEN,
    "readyz": OPEN,
    "metrics": PROGRAMS,
    # People
    "accounts:set_up": OPEN,
    "accounts:sign_in": [OPEN, POST(OPEN)],
    "accounts:sign_out": POST(OPEN),
    "accounts:preferences": [SIGNED_IN, POST(SIGNED_IN)],
    "accounts:theme": POST(SIGNED_IN),
    "accounts:password": [SIGNED_IN, POST(SIGNED_IN)],
    "accounts:tokens": [SIGNED_IN, POST(SIGNED_IN)],
    "accounts:revoke_token": POST(OWNER)(token_id="token"),
    "accounts:people": OWNER,
    "accounts:person": [OWNER(user_id="person"), POST(OWNER)(user_id="person")],
    "accounts:invite": [OWNER, POST(OWNER)],
    "accounts:take_back_invite": POST(OWNER)(invite_id="invite"),
    "accounts:join": [OPEN(secret="secret"), POST(OPEN)(secret="secret")],
    # Libraries
    "libraries:list": SIGNED_IN,
    "libraries:add": [OWNER, POST(OWNER)],
    "libraries:add_bucket": [OWNER, POST(OWNER)],
    "libraries:connection": [OWNER(library_id="bucket"), POST(OWNER)(library_id="bucket")],
    "libraries:edit": [OWNER(library_id="library"), POST(OWNER)(library_id="library")],
    "libraries:remove": [OWNER(library_id="library"), POST(OWNER)(library_id="library")],
    # Scans
    "scanning:activity": SIGNED_IN,
    "scanning:live": SIGNED_IN,
    "scanning:pill": SIGNED_IN,
    "scanning:library_state": SEES(library_id="library"),
    "scanning:path_template": OWNER(library_id="library"),
    "scanning:rules": [OWNER(library_id="library"), POST(OWNER)(library_id="library")],
    "scanning:report": SEES(scan_id="scan"),
    "scanning:scan_all": POST(EDITORS),
    "scanning:scan": POST(EDITS)(library_id="library"),
    "scanning:cancel": POST(EDITS)(scan_id="scan"),
    "scanning:pause": POST(EDITS)(scan_id="scan"),
    "scanning:resume": POST(EDITS)(scan_id="scan"),
    "scanning:retry_all": POST(EDITORS),
    "scanning:retry": POST(EDITS)(file_id="failed_file"),
    "scanning:ignore": POST(OWNER)(problem_id="problem"),
    # What belongs to a model
    "scanning:model_grouping": SEES(pk="model"),
    "scanning:group_folder": POST(EDITS)(pk="model"),
    "scanning:undo_grouping": POST(EDITS)(pk="model"),
    "scanning:merge": [EDITS(pk="model"), POST(EDITS)(pk="model")],
    "scanning:split": [EDITS(pk="model"), POST(EDITS)(pk="model")],
    # Shared links: the guest addresses are open to whoever has them
    "sharing:links": EDITORS,
    "sharing:share": [EDITS(query="?model={model}"), POST(EDITS)(query="?model={model}")],
    "sharing:revoke": POST(OWNER)(link_id="link"),
    "sharing:opened": [OPEN(key="link_key"), POST(OPEN)(key="link_key")],
    "sharing:model": OPEN(key="link_key", pk="model"),
    "sharing:download": OPEN(key="link_key", pk="file"),
    "sharing:download_model": OPEN(key="link_key", pk="model"),
    "sharing:preview": OPEN(key="link_key", sha256="sha256", name="=small.webp"),
    # Models
    "models3d:grid": SIGNED_IN,
    "models3d:facets": SIGNED_IN,
    "models3d:pictures": SIGNED_IN,
    "models3d:detail_by_number": SEES(pk="model"),
    "models3d:detail": SEES(pk="model", slug="=dragon"),
    "models3d:edit": [EDITS(pk="model", part="=tags"), POST(EDITS)(pk="model", part="=name")],
    "models3d:suggestions": [SIGNED_IN, SIGNED_IN(query="?q=tag:zan"), SIGNED_IN(query="?q=zan")],
    "models3d:search_help": SIGNED_IN,
    "models3d:searches": SIGNED_IN,
    "models3d:save_search": POST(SIGNED_IN),
    "models3d:rename_search": POST(OWNER)(pk="search"),
    "models3d:delete_search": POST(OWNER)(pk="search"),
    "models3d:cover": POST(EDITS)(pk="model"),
    "models3d:similar": SEES(pk="model"),
    "models3d:download": SEES(pk="file"),
    "models3d:open_in_slicer": SEES(pk="file", slicer="=orca"),
    "models3d:signed_file": OPEN(key="signed_key", name="=part.stl"),
    "models3d:download_model": SEES(pk="model"),
    "models3d:download_models": [SEES(query="?id={model}"), POST(SEES)(query="?id={model}")],
    # Where files are
    "models3d:place": SEES(pk="model"),
    "models3d:move_model": [EDITS(pk="model"), POST(EDITS)(pk="model")],
    "models3d:bin_model": [EDITS(pk="model"), POST(EDITS)(pk="model")],
    "models3d:change_file": [EDITS(pk="file"), POST(EDITS)(pk="file")],
    "models3d:bin_file": POST(EDITS)(pk="file"),
    "models3d:organize": [EDITORS, POST(EDITORS)],
    "models3d:change": SEES(pk="change"),
    "models3d:start_change": POST(EDITS)(pk="change"),
    "models3d:cancel_change": POST(EDITS)(pk="change"),
    "models3d:undo_change": POST(EDITS)(pk="change"),
    "models3d:bin": SIGNED_IN,
    "models3d:restore": POST(EDITS)(pk="binned"),
    "models3d:empty_bin": [OWNER, POST(OWNER)],
    "models3d:preview": SEES(sha256="sha256", name="=small.webp"),
    # Uploads: each belongs to the person who began it
    "uploads:upload": [EDITORS, POST(EDITORS)],
    "uploads:batch": [BEGAN(batch_id="upload_batch"), POST(BEGAN)(batch_id="upload_batch")],
    "uploads:files": BEGAN(batch_id="upload_batch"),
    "uploads:answer": POST(BEGAN)(upload_id="upload"),
    "uploads:answer_all": POST(BEGAN)(batch_id="upload_batch"),
    "uploads:give_up": POST(BEGAN)(batch_id="upload_batch"),
    "uploads:announce": POST(EDITORS),
    "uploads:tus": replace(BEGAN, method="HEAD")(upload_id="upload"),
    "models3d:favorite": POST(SEES)(pk="model", choice="=yes"),
    "models3d:rate": POST(SEES)(pk="model"),
    # Printers: each person's own
    "models3d:printers": [SIGNED_IN, POST(SIGNED_IN)],
    "models3d:add_common_printer": POST(SIGNED_IN),
    "models3d:edit_printer": [OWNER(pk="printer"), POST(OWNER)(pk="printer")],
    "models3d:choose_printer": POST(OWNER)(pk="printer"),
    "models3d:delete_printer": POST(OWNER)(pk="printer"),
    # Duplicates
    "models3d:duplicates": SIGNED_IN,
    "models3d:put_aside": SIGNED_IN,
    "models3d:keep_one": POST(NAMES_NO_FILE),
    "models3d:tell_apart": POST(NAMES_NO_FILE),
    "models3d:undo_duplicates": POST(NAMES_NO_FILE),
    "models3d:keep_in_library": [EDITORS, POST(EDITORS)],
    # Curating
    "models3d:suggest": SIGNED_IN(kind="=tags"),
    "models3d:bulk_choose": POST(SIGNED_IN),
    "models3d:bulk": POST(EDITORS)(action="=add_tags"),
    "models3d:bulk_edits": SIGNED_IN,
    "models3d:bulk_edit": WHO_ASKED(edit_id="bulk_edit"),
    "models3d:bulk_cancel": POST(WHO_ASKED)(edit_id="bulk_edit"),
    "models3d:bulk_undo": POST(WHO_ASKED)(edit_id="bulk_edit"),
    "models3d:collections": SIGNED_IN,
    "models3d:new_collection": [EDITORS(query="?inside={collection}"), POST(EDITORS)],
    "models3d:edit_collection": [ARRANGES_SEEN(pk="collection"), POST(ARRANGES_SEEN)(pk="collection")],
    "models3d:remove_collection": ARRANGES_SEEN(pk="collection"),
    "models3d:tags": SIGNED_IN,
    "models3d:edit_tag": [ARRANGES_SEEN(pk="tag"), POST(ARRANGES_SEEN)(pk="tag")],
    "models3d:creators": SIGNED_IN,
    "models3d:edit_creator": [ARRANGES_SEEN(pk="creator"), POST(ARRANGES_SEEN)(pk="creator")],
    "models3d:change_groups": POST(ARRANGES)(kind="=tags"),
    "scanning:rescan": POST(EDITORS),
}  # fmt: skip
# Django's own pages, told apart by the beginning of their name,
FOR_OWNERS: Final = ("admin:",)
# and those of them that hold nothing: they lead to pages of the table, or translate words.
NOTHING_TO_SEE: Final = {"admin:login", "admin:logout", "admin:password_change", "admin:jsi18n"}


def is_for_owners(name: str) -> bool:
    """Whether only owners may see every address whose name begins like this."""
    return name.startswith(FOR_OWNERS) and name not in NOTHING_TO_SEE
