"""A brief as a Word document."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import version
from pathlib import Path

from clusterplan.errors import UsageError
from clusterplan.explore import Baseline
from clusterplan.plan import Plan
from clusterplan.region.fixed_date import FIXED_DATE
from clusterplan.report.brief.content import content
from clusterplan.report.onepage.material import Material, quick_baseline
from clusterplan.report.put import put
from clusterplan.report.words import words


def write_brief(plan: Plan, file: str | Path, *, lang: str = "en", beside: Baseline | None = None) -> Path:
    """Write a plan as a brief of two or three pages for Word. The same plan gives the same file.

    It says what the page says (`write_page`), cut to what is decided about: the answer, key figures, the map,
    firms by park with what decides, the largest supply and grants, budgets, risks, what is assumed, and the
    proof. Text of the region is shown, never obeyed.

    Parameters
    ----------
    plan
        The plan.
    file
        Where to write it; replaced if it is there.
    lang
        Language: ``en`` or ``zh``.
    beside
        What would be there without a plan (`clusterplan.baseline`). None: worked out here if quick.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If python-docx is not installed, or the brief can't be written in that language or at that place.
    """
    try:
        from clusterplan.report.brief.document import Document  # noqa: PLC0415  (python-docx is optional)
    except ModuleNotFoundError as error:
        raise UsageError(
            "A brief for Word needs python-docx, which is not installed: pip install 'clusterplan[word]'. "
            "Without it, --format md (or a file that ends in .md) writes a summary."
        ) from error
    w = words(lang)
    material = Material(plan, w, quick_baseline(plan) if beside is None else beside)
    made = Document(plan.region.manifest.title, w, f"clusterplan {version('clusterplan')}")
    for part in content(material):
        made.add(part)
    return put(_dated(made.as_bytes()), file, "brief")


def _dated(package: bytes) -> bytes:
    """Return an Office file with one date on all its parts, so that the same content gives the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, FIXED_DATE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return made.getvalue()
