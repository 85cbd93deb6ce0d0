"""The site of the documentation loads nothing from elsewhere, and the commands it shows exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apsnet_core.cli.anywhere import taken
from apsnet_core.cli.app import command_tree

ROOT = Path(__file__).parents[2]
TREE: Any = command_tree([])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly: a broken link, a page without a link to it, or an unknown name fails."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    files = sorted(site.rglob("*.html"))
    pages = {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in files}
    assert {"index.html", "science.html", "notebooks/first-sample.html", "reference/shell.html"} <= set(pages)
    for name, text in pages.items():
        loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*\ssrc="(.*?)"', text)
        loaded += re.findall(r'<link[^>]*\shref="(.*?)"', text)
        assert not [url for url in loaded if url.startswith(("http", "//"))], name
        own = [url.partition("?")[0] for url in loaded if not url.startswith("data:")]
        assert [url for url in own if not ((site / name).parent / url).exists()] == [], name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style


def test_pages_contain_formulae_examples_and_outputs_of_notebooks(site: Path) -> None:
    science = (site / "science.html").read_text(encoding="utf-8")
    assert science.count("<math") > 20 and "$$" not in science and "kept-formula" not in science
    reference = (site / "reference/python.html").read_text(encoding="utf-8")
    assert "<blockquote>" not in reference  # Markdown turns an example that is not marked as code into this
    notebook = (site / "notebooks/own-method.html").read_text(encoding="utf-8")
    assert "Chamfer distance" in notebook and "data:image/png" in (
        site / "notebooks/first-sample.html"
    ).read_text(encoding="utf-8")


def test_the_reference_has_every_command_and_option(site: Path) -> None:
    reference = (site / "reference/shell.html").read_text(encoding="utf-8")
    for names, command in commands(TREE, ()):
        assert f'id="apsnet-{"-".join(names)}"' in reference
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert f"<code>{parameter.opts[-1]}</code>" in reference


def commands(group: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name), command


def shown() -> Iterator[tuple[str, str]]:
    """The pages and command lines of all examples in the documentation."""
    pages = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for line in re.findall(r"^(?: {4})?(apsnet (?!-).+?)(?:\s+#.*)?$", text, re.MULTILINE):
            yield page.relative_to(ROOT).as_posix(), line.replace("\\", "")


@pytest.mark.parametrize(("page", "line"), list(shown()))
def test_each_shown_command_and_its_options_exist(page: str, line: str) -> None:
    words = taken(shlex.split(line)[1:]).rest
    command = TREE
    while hasattr(command, "commands"):
        assert words[0] in command.commands, line
        command, words = command.commands[words[0]], words[1:]
    known = {name: each for each in command.params for name in (*each.opts, *each.secondary_opts)}
    for word in words:
        if re.match(r"-{1,2}[a-z]", word):
            assert word.partition("=")[0] in known or word == "--help", f"{page}: {line}"
