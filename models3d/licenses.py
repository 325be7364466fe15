"""Licences of models: SPDX identifiers as they are written, and in plain words what the usual ones allow."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression


@dataclass(frozen=True, slots=True)
class License:
    """What one licence lets people do with a model and with prints of it. `duties` are sentences."""

    identifier: str
    name: str
    may_sell_prints: bool = True
    may_change: bool = True
    may_share: bool = True
    duties: tuple[str, ...] = ()

    @property
    def answers(self) -> list[tuple[str, bool]]:
        """What people ask about a model, and whether the licence allows it."""
        return [
            ("Print it for yourself", True),
            ("Sell prints", self.may_sell_prints),
            ("Change it and share the result", self.may_change and self.may_share),
            ("Pass the files on", self.may_share),
        ]


_CREDIT: Final = "Name the creator, link to the original and say what was changed."
_ALIKE: Final = "Share changed versions under the same licence."
_SOURCE: Final = "Pass the source files on together with the model, under the same licence."
_NOTICE: Final = "Keep the licence and the creator’s notice with the files."


def _creative_commons(version: str) -> list[License]:
    port = f"Creative Commons {version}"
    return [
        License(f"CC-BY-{version}", f"Attribution, {port}", duties=(_CREDIT,)),
        License(f"CC-BY-SA-{version}", f"Attribution, share alike, {port}", duties=(_CREDIT, _ALIKE)),
        License(f"CC-BY-ND-{version}", f"Attribution, no derivatives, {port}", may_change=False, duties=(_CREDIT,)),
        License(f"CC-BY-NC-{version}", f"Attribution, not commercial, {port}", may_sell_prints=False, duties=(_CREDIT,)),
        License(
            f"CC-BY-NC-SA-{version}", f"Attribution, not commercial, share alike, {port}",
            may_sell_prints=False, duties=(_CREDIT, _ALIKE),
        ),
        License(
            f"CC-BY-NC-ND-{version}", f"Attribution, not commercial, no derivatives, {port}",
            may_sell_prints=False, may_change=False, duties=(_CREDIT,),
        ),
    ]  # fmt: skip


# What model sites offer, most used first.
USUAL: Final = (
    *_creative_commons("4.0"),
    License("CC0-1.0", "No rights reserved (CC0, public domain)"),
    License("GPL-3.0-or-later", "GNU General Public License 3 or later", duties=(_SOURCE,)),
    License("GPL-3.0-only", "GNU General Public License 3", duties=(_SOURCE,)),
    License("GPL-2.0-or-later", "GNU General Public License 2 or later", duties=(_SOURCE,)),
    License("GPL-2.0-only", "GNU General Public License 2", duties=(_SOURCE,)),
    License("LGPL-3.0-or-later", "GNU Lesser General Public License 3 or later", duties=(_SOURCE,)),
    License("AGPL-3.0-or-later", "GNU Affero General Public License 3 or later", duties=(_SOURCE,)),
    License("CERN-OHL-S-2.0", "CERN Open Hardware Licence 2, strongly reciprocal", duties=(_SOURCE,)),
    License("CERN-OHL-W-2.0", "CERN Open Hardware Licence 2, weakly reciprocal", duties=(_SOURCE,)),
    License("CERN-OHL-P-2.0", "CERN Open Hardware Licence 2, permissive", duties=(_NOTICE,)),
    License("MIT", "MIT License", duties=(_NOTICE,)),
    License("BSD-3-Clause", "BSD License, 3 clauses", duties=(_NOTICE,)),
    License("BSD-2-Clause", "BSD License, 2 clauses", duties=(_NOTICE,)),
    License("Apache-2.0", "Apache License 2.0", duties=(_NOTICE,)),
    License("Unlicense", "The Unlicense (public domain)"),
    *_creative_commons("3.0"),
)
_BY_IDENTIFIER: Final = {license.identifier: license for license in USUAL}


def canonical(typed: str) -> str:
    """An SPDX expression as the SPDX list writes it; what is no such expression stays as it was typed.

    >>> canonical(" cc-by-sa-4.0 "), canonical("mit or apache-2.0"), canonical("Personal use  only"), canonical("")
    ('CC-BY-SA-4.0', 'MIT OR Apache-2.0', 'Personal use only', '')
    """
    tidy = " ".join(typed.replace("\x00", "").split())
    try:
        return str(canonicalize_license_expression(tidy)) if tidy else ""
    except InvalidLicenseExpression:
        return tidy


def terms_of(identifier: str) -> License | None:
    """What a licence allows, in plain words; None where that is not known for certain."""
    return _BY_IDENTIFIER.get(identifier)


@cache
def identifiers() -> tuple[str, ...]:
    """Every identifier of the SPDX list that is not deprecated, the usual ones for models first."""
    from packaging.licenses import _spdx  # the list itself has no public name

    every = (entry["id"] for entry in _spdx.LICENSES.values() if not entry["deprecated"])
    return (*_BY_IDENTIFIER, *sorted(set(every) - set(_BY_IDENTIFIER)))
