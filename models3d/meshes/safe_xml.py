"""An XML parser for files of unknown origin. Loads no numpy."""

from xml.parsers import expat

from models3d.meshes.errors import Damaged


def safe_parser() -> expat.XMLParserType:
    """An expat parser that refuses document types, hence entities, and joins namespace and name by a blank."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise Damaged(
            "The XML inside the file declares a document type, which no such file needs and attacks use. "
            "It was not read."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser
