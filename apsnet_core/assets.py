"""Paths of the shipped files, which are beside the packages in a checkout and inside them in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parent / "_assets"
_CHECKOUT = Path(__file__).parent.parent / "assets"
_DOCUMENTS = Path(__file__).parent / "_docs"


def asset(*parts: str) -> Path:
    """The path of a shipped file or folder, for example ``asset("shapes", "chair.obj")``."""
    return (_PACKAGED if _PACKAGED.is_dir() else _CHECKOUT).joinpath(*parts)


def document(name: str) -> Path:
    """The path of a documentation page, for example ``document("index.md")``, or of CHANGELOG.md."""
    if _DOCUMENTS.is_dir():
        return _DOCUMENTS / name
    root = _CHECKOUT.parent
    return root / name if name == "CHANGELOG.md" else root / "docs" / name


def site() -> Path | None:
    """The path of the first page of the site that `make docs` builds; None if the site is not built."""
    first = (_DOCUMENTS if _DOCUMENTS.is_dir() else _CHECKOUT.parent / "site") / "index.html"
    return first if first.is_file() else None
