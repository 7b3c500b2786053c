"""A plan from its result folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.plan.manifest_json import read_manifest
from clusterplan.plan.plan import Plan, Proof
from clusterplan.plan.rebuild import rebuild
from clusterplan.plan.save import PLAN_JSON, REGION_FOLDER
from clusterplan.plan.schema import VERSION, plan_schema
from clusterplan.region import read_region

_AGAIN = "Give a folder that clusterplan wrote, or plan the region again."
_MOST_FAULTS = 50


def read_plan(folder: str | Path) -> Plan:
    """Read a plan from its result folder.

    What was decided and every number come from ``plan.json``, as they stand there; names, places, distances
    and values of what is traded come from ``region/``. Indicators are computed anew. Whether the numbers are
    right is for `clusterplan.verify` to say, and whether files were changed for
    `clusterplan.plan.manifest_json.changed_files`.

    Parameters
    ----------
    folder
        A result folder, written by `Plan.save`.

    Returns
    -------
    Plan
        Equal to the one that was saved.

    Raises
    ------
    UsageError
        If there is no such folder.
    InputError
        If a file is missing, is not what its schema says, or names what the region does not have.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UsageError(f"There is no result folder {folder}. Make one with `clusterplan solve`.")
    content = _content(folder / PLAN_JSON)
    manifest = read_manifest(folder)
    region = read_region(folder / REGION_FOLDER)
    return rebuild(content, region, _proof(manifest))


def _content(file: Path) -> dict[str, Any]:
    """Return what `plan.json` holds, once it is known to fit the schema."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            [Fault(file.name, f"It can't be read: {error}.", _AGAIN, rule="unreadable_file")]
        ) from error
    if isinstance(content, dict) and content.get("schema", VERSION) != VERSION:
        why = f"It is in another format than the {VERSION} this version of clusterplan reads."
        mend = "Read it with the version that wrote it (manifest.json), or plan the region again."
        found = str(content["schema"])
        raise InputError([Fault(file.name, why, mend, column="schema", value=found, rule="other_format")])
    errors = sorted(
        Draft202012Validator(plan_schema()).iter_errors(content), key=lambda error: error.json_path
    )
    if errors:
        raise InputError([_fault(error, file.name) for error in errors[:_MOST_FAULTS]])
    if content["status"] not in ("optimal", "feasible"):
        why = f"It holds no plan: its status is {content['status']}."
        raise InputError([Fault(file.name, why, _AGAIN, column="status", rule="no_plan")])
    return dict(content)


def _no_number(token: str) -> NoReturn:
    raise ValueError(f"{token} is no number of JSON; what is not known is null")


def _fault(error: ValidationError, file: str) -> Fault:
    value = json.dumps(error.instance, ensure_ascii=False)
    shown = value if len(value) <= 60 else f"{value[:60]}…"
    why = f"It does not fit the schema: {error.message[:200]}."
    column = error.json_path.removeprefix("$").removeprefix(".") or None
    return Fault(file, why, _AGAIN, column=column, value=shown, rule="schema")


def _proof(manifest: Any) -> Proof:
    known = manifest["proof"]
    try:
        return Proof(
            solver=str(known["solver"]),
            seconds=float(manifest["seconds"]),
            nodes=known["nodes"],
            limit=known["limit"],
            options=manifest["options"],
            columns=known["columns"],
            rows=known["rows"],
            nonzeros=known["nonzeros"],
            left_out=known["left_out"],
        )
    except (KeyError, TypeError, ValueError) as error:
        why = f"The proof is not as it was written: {error}."
        raise InputError(
            [Fault("manifest.json", why, _AGAIN, column="proof", rule="not_a_manifest")]
        ) from error
