"""The pages name what is there: every public name, every rule, every file."""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from contextlib import suppress
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest
import typer

import clusterplan
from clusterplan import errors
from clusterplan.cli import app
from clusterplan.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
WORDS = ROOT / "src" / "clusterplan" / "report" / "words"
RULES_FOLDER = ROOT / "src" / "clusterplan" / "rules"
PAGES = sorted([*DOCS.glob("*.md"), *DOCS.glob("[a-z]*/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])

SAID_OF = {
    "park": "col.park",
    "firm": "col.firm",
    "chain owner, anchor": "role.anchor",
    "platform": "role.platform",
    "stage": "col.stage",
    "product": "col.product",
    "gateway": "layer.gateways",
    "outside option": "h.flips",
    "assumed": "col.assumed",
    "reach": "layer.rings",
    "half-distance": "ring.half",
    "proximity": "meaning.supply_collaboration",
    "supply": "h.supply",
    "collaboration link": "term.links",
    "innovation loop": "h.loops",
    "localisation rate": "indicator.localisation_rate",
    "tier": "col.tier",
    "budget": "col.budget",
    "instrument": "col.instrument",
    "grant": "h.grants",
    "rent": "col.rent_m_y",
    "plan": "col.plan",
    "surplus": "part.surplus",
    "stable": "proof.stable",
    "utilisation": "col.utilisation",
    "optimal": "status.optimal",
    "feasible": "status.feasible",
    "bound": "proof.bound",
    "gap": "proof.gap",
    "market": "col.market",
    "alternative": "h.alternatives",
}
"""Where the Chinese page says a word of the glossary."""


def test_the_page_of_public_names_tells_each_once():
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\{public-names\}\n(.*?)```", text, re.DOTALL)
    assert Counter(name for block in blocks for name in block.split()) == Counter(clusterplan.__all__)


def model_page() -> str:
    return (DOCS / "explanation" / "model.md").read_text(encoding="utf-8")


def test_the_page_of_the_model_holds_every_module_that_writes_rows():
    told = set(re.findall(r"automodule:: (\S+)", model_page()))
    writing = {
        ".".join(path.relative_to(RULES_FOLDER.parents[1]).with_suffix("").parts).removesuffix(".__init__")
        for path in RULES_FOLDER.rglob("*.py")
        if re.search(r"\.rows\(", path.read_text(encoding="utf-8"))
    }
    assert {rule.__name__ for rule in RULES} <= told
    assert writing <= told


def test_the_page_of_the_model_explains_every_decision_by_its_name_in_the_code():
    written = {
        symbol
        for path in RULES_FOLDER.rglob("*.py")
        for symbol in re.findall(
            r"(?:\.columns|_through_gateways)\((?:program, instance, )?\"(\w+)\"",
            path.read_text(encoding="utf-8"),
        )
    }
    part = model_page().partition("## Decisions")[2].partition("## Value")[0]
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| ([^|]+) \| [^|]+ \|$", part, re.MULTILINE)
    assert {symbol for row in rows for symbol in re.findall(r"`(\w+)`", row)} == written
    assert {"x", "y", "u", "e", "m", "h"} <= written


def test_the_page_of_the_model_names_what_an_instance_has():
    instance = clusterplan.build(clusterplan.load_region("tiny")).model.instance
    named = re.findall(r"`instance\.([\w.]+)`", model_page())
    assert len(named) > 10
    for name in named:
        assert attrgetter(name)(instance) is not None


def test_the_glossary_uses_the_words_of_the_chinese_page():
    said = json.loads((WORDS / "zh.json").read_text(encoding="utf-8"))
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", text, re.MULTILINE)
    glossary = {word: chinese.split(" / ")[0] for word, chinese in rows}
    wrong = {word: glossary[word] for word, key in SAID_OF.items() if glossary[word] not in found(said, key)}
    assert not wrong


def found(words: object, key: str) -> str:
    """Return the text of a dotted key of a catalogue, which may be flat or nested."""
    if not isinstance(words, dict):
        return str(words)
    heads = [head for head in words if key == head or key.startswith(f"{head}.")]
    return found(words[max(heads, key=len)], key.removeprefix(max(heads, key=len)).lstrip("."))


def test_the_page_of_errors_tells_every_error_with_its_exit_code():
    text = (DOCS / "reference" / "errors.md").read_text(encoding="utf-8")
    told = {name: int(code) for name, code in re.findall(r"^`(\w+)`, exit code (\d)\.", text, re.MULTILINE)}
    kinds = {name: value for name, value in vars(errors).items() if inspect.isclass(value)}
    raised = {name: kind for name, kind in kinds.items() if issubclass(kind, errors.ClusterplanError)}
    assert told == {name: kind.exit_code for name, kind in raised.items() if name != "ClusterplanError"}


def test_the_page_of_commands_has_every_command_with_its_options(monkeypatch):
    pytest.importorskip("sphinx")
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    page = import_module("command_pages").page()
    sections = {part.split("\n", 1)[0]: part for part in page.split("\n### ")[1:]}
    commands = typer.main.get_command(app).commands
    assert list(sections) == list(commands)
    for name, command in commands.items():
        for parameter in command.params:
            for word in (word for word in parameter.opts if word.startswith("-") and word != "--help"):
                assert f"`{word}`" in sections[name], f"{name} {word}"


def test_names_of_the_package_that_pages_use_exist():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    dotted = set(re.findall(r"`(clusterplan(?:\.\w+)+)(?:\([^`]*\))?`", text))
    dotted |= {f"{room}.{name}" for room, name in re.findall(r"from (clusterplan[\w.]*) import (\w+)", text)}
    dotted |= {f"clusterplan.{name}" for name in re.findall(r"\bcp\.(\w+)", text)}
    assert len(dotted) > 50
    assert not [name for name in sorted(dotted) if not exists(name)]


def test_the_readme_asks_with_calls_and_commands_that_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("| question | calls |")[2].partition("\n\n")[0]
    asked = set(re.findall(r"`(\w+)(?:\([^`]*\))?`", table))
    assert len(asked) > 10
    assert asked <= set(clusterplan.__all__) & set(typer.main.get_command(app).commands)


def exists(dotted: str) -> bool:
    """Return whether a dotted name is a module, or what one holds."""
    at, done = import_module("clusterplan"), "clusterplan"
    for part in dotted.split(".")[1:]:
        done = f"{done}.{part}"
        with suppress(ModuleNotFoundError):
            at = import_module(done)
            continue
        if not hasattr(at, part):
            return False
        at = getattr(at, part)
    return True


def test_commands_that_pages_name_exist():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:^|`)clusterplan ([a-z]+)", text, re.MULTILINE)) - {"plans"}
    assert {"solve", "verify", "whatif"} <= named <= set(typer.main.get_command(app).commands)


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
