"""Usual printers with the width, depth and height in mm that they print, as their makers' data sheets give them."""

import re
from typing import Final

from models3d.beds import Bed

# Facts of the data sheets that the makers publish with each printer (Prusa Research, Bambu Lab, Creality, Anycubic, Elegoo,
# Sovol, QIDI, Ultimaker, Flashforge, Formlabs, Phrozen, Snapmaker, Anker, Artillery, Raise3D, LulzBot; of Voron: the manual).
_TABLE: Final = """
AnkerMake M5: 235 235 250
Anycubic Kobra 2: 220 220 250
Anycubic Kobra 2 Max: 420 420 500
Anycubic Kobra 3: 250 250 260
Anycubic Photon Mono 4K: 132 80 165
Anycubic Photon Mono X: 192 120 245
Anycubic Photon Mono M5s: 218 123 200
Artillery Genius: 220 220 250
Artillery Sidewinder X2: 300 300 400
Bambu Lab A1: 256 256 256
Bambu Lab A1 mini: 180 180 180
Bambu Lab H2D: 350 320 325
Bambu Lab P1P: 256 256 256
Bambu Lab P1S: 256 256 256
Bambu Lab X1 Carbon: 256 256 256
Bambu Lab X1E: 256 256 256
Creality CR-10: 300 300 400
Creality Ender-3: 220 220 250
Creality Ender-3 S1: 220 220 270
Creality Ender-3 V2: 220 220 250
Creality Ender-3 V3 KE: 220 220 240
Creality Ender-3 V3 SE: 220 220 250
Creality Ender-5: 220 220 300
Creality Ender-5 Plus: 350 350 400
Creality K1: 220 220 250
Creality K1 Max: 300 300 300
Creality K1C: 220 220 250
Creality K2 Plus: 350 350 350
Elegoo Centauri Carbon: 256 256 256
Elegoo Jupiter: 277.8 156.3 300
Elegoo Mars 3: 143 89.6 175
Elegoo Mars 4: 153.3 77.7 175
Elegoo Neptune 4: 225 225 265
Elegoo Neptune 4 Max: 420 420 480
Elegoo Neptune 4 Plus: 320 320 385
Elegoo Neptune 4 Pro: 225 225 265
Elegoo Saturn 2: 219 123 250
Elegoo Saturn 3: 218.8 122.8 250
Elegoo Saturn 4 Ultra: 218.8 122.8 220
Flashforge Adventurer 5M: 220 220 220
Flashforge Creator Pro: 227 148 150
Formlabs Form 2: 145 145 175
Formlabs Form 3: 145 145 185
Formlabs Form 4: 200 125 210
LulzBot TAZ 6: 280 280 250
Phrozen Sonic Mighty 4K: 200 125 220
Phrozen Sonic Mini 8K: 165 72 180
Prusa CORE One: 250 220 270
Prusa MINI+: 180 180 180
Prusa MK3S+: 250 210 210
Prusa MK4: 250 210 220
Prusa MK4S: 250 210 220
Prusa SL1S: 127 80 150
Prusa XL: 360 360 360
QIDI Q1 Pro: 245 245 240
QIDI X-Max 3: 325 325 315
QIDI X-Plus 3: 280 280 270
Raise3D Pro2: 305 305 300
Snapmaker A350: 320 350 330
Snapmaker J1: 300 200 200
Sovol SV06: 220 220 250
Sovol SV06 Plus: 300 300 340
Sovol SV08: 350 350 345
Ultimaker 2+: 223 220 205
Ultimaker S3: 230 190 200
Ultimaker S5: 330 240 300
Voron 0.2: 120 120 120
Voron Trident 250: 250 250 250
Voron Trident 300: 300 300 250
Voron Trident 350: 350 350 250
"""
_WORD: Final = re.compile(r"\w+\+?")


def _beds() -> dict[str, Bed]:
    rows = (line.split(": ") for line in _TABLE.strip().splitlines())
    return {name: Bed(name, *(float(side) for side in sides.split())) for name, sides in rows}


COMMON_PRINTERS: Final = _beds()


def nearest_name(typed: str, names: list[str]) -> str | None:
    """The one of `names` that is meant: called so, else the shortest that has words beginning with all that was typed.

    >>> nearest_name("prusa mk4", ["Prusa MK4S", "Prusa MK4"]), nearest_name("ender3", list(COMMON_PRINTERS))
    ('Prusa MK4', None)
    >>> nearest_name("ender 3 v2", list(COMMON_PRINTERS)), nearest_name("a1 mi", list(COMMON_PRINTERS))
    ('Creality Ender-3 V2', 'Bambu Lab A1 mini')
    """
    wanted = _words(typed)
    if not wanted:
        return None
    known = {name: _words(name) for name in names}
    same = [name for name, words in known.items() if words == wanted]
    near = [
        name
        for name, words in known.items()
        if all(any(word.startswith(part) for word in words) for part in wanted)
    ]
    return next(iter(same), None) or min(near, key=lambda name: (len(name), name), default=None)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
