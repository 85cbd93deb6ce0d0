"""Where the files that ship lie: beside the packages in a checkout, inside them in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parent / "_assets"
_CHECKOUT = Path(__file__).parent.parent / "assets"
_DOCUMENTS = Path(__file__).parent / "_docs"


def asset(*parts: str) -> Path:
    """The path of a shipped file or folder, for example ``asset("shapes", "chair.obj")``."""
    return (_PACKAGED if _PACKAGED.is_dir() else _CHECKOUT).joinpath(*parts)


def document(name: str) -> Path:
    """A text about the program, for example ``document("index.md")``; CHANGELOG.md is one of them."""
    if _DOCUMENTS.is_dir():
        return _DOCUMENTS / name
    root = _CHECKOUT.parent
    return root / name if name == "CHANGELOG.md" else root / "docs" / name


def site() -> Path | None:
    """The first page of the documentation as `make docs` built it; None where nobody did."""
    first = (_DOCUMENTS if _DOCUMENTS.is_dir() else _CHECKOUT.parent / "site") / "index.html"
    return first if first.is_file() else None
