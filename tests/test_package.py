"""The package as a whole: its names, its wheel, its locks, and what must not be in the repository."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version as installed_version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import clusterplan

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PYTHONS = ("3.11", "3.12", "3.13")


def run_python(code: str, **kwargs: object) -> str:
    """Run code in a fresh interpreter and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **kwargs)
    assert done.returncode == 0, done.stderr
    return done.stdout


def repository_files() -> list[Path]:
    """Every file of the repository, those not yet committed included."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def locked_lines(lock: Path) -> list[str]:
    """Each requirement of a locked file on one line, with its hashes."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def locked_versions(lock: Path, python: str) -> dict[str, str]:
    """The version a locked file gives each package on Linux under a Python version."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    versions = {}
    for line in locked_lines(lock):
        requirement = Requirement(line.split(" --hash=")[0])
        if requirement.marker is None or requirement.marker.evaluate(environment):
            assert requirement.name not in versions, f"{requirement.name} is locked twice for {python}"
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            versions[canonicalize_name(requirement.name)] = pin.version
    return versions


# --- names and version --------------------------------------------------------------------------------------


def test_every_public_name_can_be_imported():
    assert clusterplan.__all__, "the package offers nothing"
    for name in clusterplan.__all__:
        assert getattr(clusterplan, name) is not None
    assert len(set(clusterplan.__all__)) == len(clusterplan.__all__)
    assert set(clusterplan.__all__) <= set(dir(clusterplan)), "completion and the documentation miss a name"


def test_the_names_a_planner_starts_with_are_public():
    first = {"Region", "Plan", "build", "load_region", "read_plan", "read_region", "solve", "verify"}
    assert first <= set(clusterplan.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = clusterplan.no_such_name


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert installed_version("clusterplan") == PROJECT["version"]
    assert citation["version"] == PROJECT["version"]
    assert f"## {PROJECT['version']}" in changelog


def test_the_command_line_starts_without_the_heavy_libraries():
    heavy = ["geopandas", "highspy", "matplotlib", "pandas", "pandera", "pulp", "scipy"]
    loaded = run_python(f"import sys, clusterplan.cli; print([m for m in {heavy} if m in sys.modules])")
    assert loaded.strip() == "[]"


# --- the wheel ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_code_the_regions_and_the_type_marker(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {path.relative_to(ROOT).as_posix() for path in repository_files()}
    regions = {f"clusterplan/{name}" for name in data if name.startswith("data/regions/")}
    code = {name.removeprefix("src/") for name in data if name.startswith("src/clusterplan/")}
    assert regions
    assert "clusterplan/py.typed" in code
    assert regions | code <= names
    assert {name.split("/")[0] for name in names} == {
        "clusterplan",
        f"clusterplan-{PROJECT['version']}.dist-info",
    }


def test_a_bundled_region_loads_from_the_wheel(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import clusterplan as cp\n"
        f"assert cp.__file__.startswith({str(tmp_path)!r}), cp.__file__\n"
        "print(len(cp.load_region('tiny').firms))"
    )
    assert int(run_python(code, cwd=tmp_path)) > 0


# --- the locks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_requirement_has_one_version_and_a_hash(lock: Path):
    lines = locked_lines(lock)
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9.-]+==\S+ ( *; .*?)? *--hash=sha256:[0-9a-f]{64}", line), line[:80]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("lock", "extras"),
    [("test.txt", ["test"]), ("dev.txt", ["test", "lint", "docs", "lock", "bench", "dask"])],
)
def test_the_locks_hold_what_the_package_asks_for(lock: str, extras: list[str], python: str):
    locked = locked_versions(ROOT / "requirements" / lock, python)
    asked = [*PROJECT["dependencies"], *(r for e in extras for r in PROJECT["optional-dependencies"][e])]
    for requirement in map(Requirement, asked):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked: run make lock"
        assert version in requirement.specifier, f"{requirement} is locked at {version}: run make lock"


@pytest.mark.parametrize("python", PYTHONS)
def test_developers_run_the_versions_that_planners_run(python: str):
    planner, developer = (locked_versions(ROOT / "requirements" / f, python) for f in ("test.txt", "dev.txt"))
    assert planner.items() <= developer.items()


def test_python_311_runs_pulp_3_and_python_312_runs_pulp_4():
    lock = ROOT / "requirements" / "test.txt"
    assert locked_versions(lock, "3.11")["pulp"].startswith("3.3.")
    assert locked_versions(lock, "3.12")["pulp"].startswith("4.")


# --- the repository -----------------------------------------------------------------------------------------


def test_the_make_commands_the_pages_name_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert {"plan", "test"} <= set(named) <= targets, page


def test_no_file_names_a_package_index_or_a_folder_of_one_machine():
    # Each pattern is written so that it does not match itself.
    unwanted = {
        "a package index": re.compile(
            r"pypi[.]org|python[h]osted|://[^\s\"']*/[s]imple\b|--(extra-)?[i]ndex-url"
        ),
        "a folder of one machine": re.compile(r"(?<![\w./~-])/(?:root|home|work|Users)/"),
    }
    found = []
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8", errors="replace")
        found += [
            f"{path.relative_to(ROOT)}: {what}: {match[0]}"
            for what, pattern in unwanted.items()
            for match in pattern.finditer(text)
        ]
    assert not found, "\n".join(found)


def test_solve_is_the_function_whatever_was_imported_before():
    code = "import clusterplan.plan, clusterplan.solve; import clusterplan as cp; print(callable(cp.solve))"
    assert run_python(code).strip() == "True"
