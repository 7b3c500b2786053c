"""The pages name what is there: every public name, every rule, every file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import clusterplan

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *DOCS.glob("[a-z]*/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def test_the_page_of_public_names_tells_each_once():
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{public-names\}\n(.*?)```", text, re.DOTALL)
    assert Counter(name for block in blocks for name in block.split()) == Counter(clusterplan.__all__)


def test_every_page_is_reached_from_the_first():
    listed: set[Path] = set()
    for page in PAGES:
        trees = re.findall(r"```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        names = [name for tree in trees for name in re.findall(r"^([a-z][\w/-]*)$", tree, re.MULTILINE)]
        listed |= {page.parent / f"{name}.md" for name in names}
    assert {page for page in PAGES if page.is_relative_to(DOCS)} - listed == {DOCS / "index.md"}


def test_paths_of_the_repository_that_pages_name_exist():
    rooms = r"`((?:src|docs(?!/_build)|tests|tools|examples|benchmarks|data|requirements)/[\w./-]+)`"
    named = [(page, name) for page in PAGES for name in re.findall(rooms, page.read_text(encoding="utf-8"))]
    assert named
    assert not [f"{page.name}: {name}" for page, name in named if not (ROOT / name).exists()]


def test_links_between_pages_lead_to_a_file():
    link = r"\]\(([^)#\s:]+)(?:#[^)]*)?\)"
    named = [(page, name) for page in PAGES for name in re.findall(link, page.read_text(encoding="utf-8"))]
    assert named
    assert not [f"{page.name}: {name}" for page, name in named if not (page.parent / name).exists()]
