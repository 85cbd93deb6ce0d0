"""What mkdocs does not know: pages from the repository, the shell and notebooks, and formulae as MathML."""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parent))
import notebook_pages
import shell_pages

ROOT = Path(__file__).parents[2]
# Files of the repository that are pages of the site, and links to folders that mean one.
PAGES = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "packaging/README.md": "packaging.md",
    "assets/weights/MODEL_CARDS.md": "model-cards.md",
    "docs/examples": "examples/README.md",
}
LINK = re.compile(r"(?<=\]\()([^)#\s:]+)(#[^)\s]*)?(?=\))")
BLOCK, INLINE = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.MULTILINE | re.DOTALL), re.compile(r"\$([^$\n]+)\$")

KEPT = re.compile("kept-formula-([0-9]+)-")


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add the pages that no file in docs/ holds."""
    texts = [(ROOT / source, page) for source, page in PAGES.items() if source.endswith(".md")]
    made = {page: source.read_text(encoding="utf-8") for source, page in texts}
    made["reference/shell.md"] = shell_pages.reference()
    for file in sorted((ROOT / "docs/notebooks").glob("*.ipynb")):
        made[f"notebooks/{file.stem}.md"] = notebook_pages.page(file)
    for page, text in made.items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn links within the repository into links within the site; on pages with ``math``, formulae."""
    here = page.file.src_uri
    source = {page: file for file, page in PAGES.items() if file.endswith(".md")}.get(here, f"docs/{here}")
    markdown = LINK.sub(lambda link: _in_site(link, source, here), markdown)
    if page.meta.get("math"):
        for pattern in (BLOCK, INLINE):
            markdown = pattern.sub(lambda found: _kept(page, found), markdown)
    return markdown


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Put the formulae in, which Markdown would have taken for paragraphs."""
    return KEPT.sub(lambda found: page.meta["formulae"][int(found[1])], html)


def _kept(page: Page, found: re.Match[str]) -> str:
    """A word in the place of a formula until Markdown has done its work."""
    formulae = page.meta.setdefault("formulae", [])
    formulae.append(convert(found[1], display="block" if found.re is BLOCK else "inline"))
    return f"kept-formula-{len(formulae) - 1}-"


def _in_site(link: re.Match[str], source: str, here: str) -> str:
    """The link as a path from the page ``here``, whose text stands in the repository's file ``source``."""
    target = normpath(str(PurePosixPath(source).parent / link[1]))
    if target not in PAGES and not target.startswith("docs/"):
        return link[0]
    page = PAGES.get(target) or target.removeprefix("docs/")
    if not here.startswith("notebooks/"):
        page = page.replace(".ipynb", ".md")
    return relpath(page, str(PurePosixPath(here).parent)) + (link[2] or "")


def on_post_build(config: MkDocsConfig, **_: Any) -> None:
    """Remove what only a server would show, or a developer of the theme."""
    site = Path(config.site_dir)
    for file in (site / "404.html", site / "sitemap.xml", site / "sitemap.xml.gz", *site.rglob("*.map")):
        file.unlink(missing_ok=True)
