"""ES modules of the package joined into one classic script, which is what a page holds inline.

A page that is opened from a file cannot import modules. Each module keeps a scope of its own here;
imports are named (``import {a} from "./b.js";``), and each export stands before what it names.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from horgos_geo.core.errors import DataError
from horgos_geo.views.svg import GLYPH_RADIUS, GLYPHS, RIGHTS, UPWARDS

SCRIPTS = Path(__file__).resolve().parent / "templates" / "scripts"
_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:function\*?|class|const) (\w+))", re.MULTILINE)

#: Symbols that only live maps have: the chosen destination, and cities beside a route.
_LIVE_GLYPHS = {
    "chosen": '<circle class="g-casing" r="9"/><circle class="g-dest" r="7.4"/>'
    '<path class="g-tick" d="M-3.4 .2L-1 2.6L3.4 -2.2"/>',
    "city": '<circle class="g-city" r="2.2"/>',
}
#: The module that the package's drawing rules stand in, for static and live maps alike.
SYMBOLS = {
    "GLYPHS": GLYPHS | _LIVE_GLYPHS,
    "RADIUS": GLYPH_RADIUS | {"chosen": 9.0, "city": 3.0},
    "RIGHTS": (RIGHTS[0], "chosen", *RIGHTS[1:], "city"),
    "UPWARDS": ("city", *UPWARDS[:-1], "chosen", UPWARDS[-1]),
}


@dataclass(frozen=True)
class Module:
    """One module: where it stands, what it takes from others, what it gives."""

    name: str
    body: str
    imports: tuple[tuple[tuple[str, ...], str], ...] = ()
    exports: tuple[str, ...] = ()


@dataclass
class _Bundle:
    """Modules in the order in which they must run."""

    modules: dict[str, Module] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        if name in self.modules:
            return
        if name in self.opened:
            raise DataError(f"Scripts import one another in a circle: {', '.join(self.opened)}.")
        self.opened.append(name)
        module = read_module(name)
        for names, source in module.imports:
            self.add(source)
            missing = set(names) - set(self.modules[source].exports)
            if missing:
                raise DataError(f"{name} imports {min(missing)}, which {source} does not export.")
        self.opened.pop()
        self.modules[name] = module


@cache
def read_module(name: str) -> Module:
    """Read one module of the package.

    Parameters
    ----------
    name
        Its path below the folder of scripts, such as ``map/view.js``.

    Raises
    ------
    DataError
        No such script.
    """
    if name == "symbols.js":
        return _constants(name, SYMBOLS)
    try:
        source = (SCRIPTS / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"There is no script {name}. Reinstall the package.") from None
    folder = posixpath.dirname(name)
    imports = tuple(
        (
            tuple(part.strip() for part in names.split(",") if part.strip()),
            posixpath.normpath(posixpath.join(folder, path)),
        )
        for names, path in _IMPORT.findall(source)
    )
    return Module(
        name,
        _EXPORT.sub("", _IMPORT.sub("", source)).strip(),
        imports,
        tuple(_EXPORT.findall(source)),
    )


def _constants(name: str, values: Mapping[str, Any]) -> Module:
    lines = [f"const {key} = {json.dumps(value)};" for key, value in values.items()]
    return Module(name, "\n".join(lines), exports=tuple(values))


@cache
def bundle(entry: str) -> str:
    """Return a module and all that it imports as one script.

    Parameters
    ----------
    entry
        Path of the module below the folder of scripts.

    Raises
    ------
    DataError
        An import that leads nowhere, or in a circle.
    """
    made = _Bundle()
    made.add(entry)
    number = {name: f"m{i}" for i, name in enumerate(made.modules)}
    parts = []
    for name, module in made.modules.items():
        taken = "".join(
            f"const {{{', '.join(names)}}} = {number[source]};\n"
            for names, source in module.imports
            if names
        )
        given = f"\nreturn {{{', '.join(module.exports)}}};" if module.exports else ""
        parts.append(
            f"const {number[name]} = (() => {{ // {name}\n{taken}{module.body}{given}\n}})();"
        )
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();"
