"""A self-contained HTML page: it includes its style, scripts and data, and fetches nothing.

Its parts are in ``assets/report``. Names of files, clouds, classes and weights are untrusted text: they must
be passed through `escape` in HTML, and they cannot end the data element. Only the page's own script may run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import lru_cache
from html import escape
from string import Template

from apsnet_core.assets import asset
from apsnet_core.difference_colours import BOTH, OPPOSED, SPEAKING, ends, hex_of
from apsnet_core.types import Values

_SCRIPTS = ("camera.js", "cloud.js", "change.js", "view.js", "hand.js", "page.js")
_EXPORTS = re.compile(r"export\{([^}]*)\};?\s*$")


def part(name: str, **values: str) -> str:
    """The part of the page in the asset ``name``, with ``values``, which are HTML, for its placeholders."""
    return Template(_text(name)).substitute(values)


def page(title: str, body: str, scene: Values | None = None, *, alone: bool = False) -> str:
    """The whole page: ``title`` is plain text, ``body`` is HTML, ``scene`` are the views (see `scene_of`).

    With ``alone`` the page is embedded in another page and fills its frame.
    """
    code = _script()
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return part(
        "page.html",
        title=escape(title),
        policy=policy,
        colours=_colours(),
        style=_text("page.css"),
        body=body,
        kind="alone" if alone else "whole",
        scene=as_script_data(scene or {"clouds": [], "views": []}),
        script=code,
    )


def _colours() -> str:
    """The colours of differences as CSS properties, for a light and a dark background."""

    def of(dark: bool) -> str:
        less, even, more = ends(dark)
        named = {"less": less, "even": even, "more": more}
        named |= {"both": BOTH, "opposed": OPPOSED, "speaking": SPEAKING}
        return ":root { " + "; ".join(f"--{name}: {hex_of(rgb)}" for name, rgb in named.items()) + " }"

    return f"{of(False)}\n@media (prefers-color-scheme: dark) {{ {of(True)} }}"


def as_script_data(values: Values) -> str:
    """JSON for a script element, with <, > and & escaped, so that no text in it can end the element."""
    text = json.dumps(values, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


@lru_cache(maxsize=1)
def _script() -> str:
    """One module with three.js as the object THREE, followed by the page's own script."""
    library = _text("three/three.module.min.js")
    exports = _EXPORTS.search(library)
    assert exports is not None, "three.module.min.js ends with its exports"
    pairs = (name.split(" as ") for name in exports[1].split(","))
    names = ",".join(f"{pair[-1]}:{pair[0]}" for pair in pairs)
    # A function scope keeps the short names of three.js out of the page's script.
    three = f"const THREE=(()=>{{{library[: exports.start()]}return{{{names}}}}})();"
    own = (_text(name) for name in _SCRIPTS)
    code = "\n".join(["", three, *own])
    assert "</script" not in code and "<!--" not in code
    return code


@lru_cache(maxsize=32)
def _text(name: str) -> str:
    return asset("report", *name.split("/")).read_text(encoding="utf-8")
