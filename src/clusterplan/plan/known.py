"""Whether what `plan.json` names is in the region it is read with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from clusterplan.errors import Fault
from clusterplan.region import Region

_MEND = "The plan and the folder region/ do not belong together: plan the region again."


def unknown_ids(content: Mapping[str, Any], region: Region) -> list[Fault]:
    """Return a fault for each id of a plan that its region does not have, and for each that is missing.

    Parameters
    ----------
    content
        Content of `plan.json`, fit for its schema.
    region
        The region it is read with.
    """
    faults = list(_whole_tables(content, region))
    known: dict[str, Collection[str]] = {
        "from": region.firms.index,
        "to": region.firms.index,
        "firm": region.firms.index,
        "park": region.parks.index,
        "from_park": region.parks.index,
        "to_park": region.parks.index,
        "gateway": region.gateways.index,
        "product": region.products.index,
        "instrument": region.incentives.index,
        "budget": region.manifest.budgets,
        "loop": region.loops.index,
    }
    rows = [(f"firms.{firm}", row) for firm, row in content["firms"].items()]
    for table in ("supply", "links", "loops", "grants"):
        rows += [(f"{table}[{n}]", row) for n, row in enumerate(content.get(table, []))]
    for where, row in rows:
        faults += [
            _fault(f"{where}.{key}", row[key], f"The region has no such {_noun(key)}.")
            for key in known.keys() & row.keys()
            if row[key] is not None and row[key] not in known[key]
        ]
    for n, row in enumerate(content["supply"]):
        if not _has_two_ends(row):
            why = "Supply goes from firm to firm, or between a firm and a gateway, each firm in its park."
            faults.append(_fault(f"supply[{n}]", None, why))
    rules = region.links.index
    for n, row in enumerate(content["links"]):
        if rule_of(row, rules) not in rules:
            faults.append(_fault(f"links[{n}].link", row["link"], "The region has no such link or rule."))
    for n, row in enumerate(content.get("loops", [])):
        faults += [
            _fault(f"loops[{n}].missing", stage, "The region has no such stage.")
            for stage in row["missing"]
            if stage not in region.manifest.stages
        ]
    return sorted(faults, key=lambda fault: fault.column or "")


def rule_of(row: Mapping[str, Any], links: Collection[str]) -> str:
    """Return the id in ``links.csv`` of a row of links: its own, or of the rule that made it."""
    name = str(row["link"])
    return name if name in links else name.removesuffix(f":{row['from']}:{row['to']}")


def _whole_tables(content: Mapping[str, Any], region: Region) -> Iterator[Fault]:
    """Yield faults of tables that must hold every id of the region and no other."""
    if content["region"] != region.name:
        yield _fault("region", content["region"], f"The folder region/ holds another region, {region.name}.")
    sizes = set(zip(region.levels["park"], region.levels["level"], strict=True))
    for park, row in content["parks"].items():
        if row["level"] is not None and (park, row["level"]) not in sizes:
            yield _fault(f"parks.{park}.level", row["level"], "The park has no such level.")
    works = {row["work"]: row for row in content.get("works", [])}
    tables = {
        "works": (works, region.works.index),
        "parks": (content["parks"], region.parks.index),
        "firms": (content["firms"], region.firms.index),
        **{f"parks.{park}.used": (row["used"], region.resources) for park, row in content["parks"].items()},
    }
    for table, (there, wanted) in tables.items():
        for name in set(wanted) - there.keys():
            yield _fault(table, name, "It is in the region and missing here.")
        for name in there.keys() - set(wanted):
            yield _fault(table, name, "The region does not have it.")


def _has_two_ends(row: Mapping[str, Any]) -> bool:
    outside = row["gateway"] is not None
    firms = (row["from"] is not None) + (row["to"] is not None)
    parks_fit = all((row[end] is None) == (row[f"{end}_park"] is None) for end in ("from", "to"))
    return parks_fit and firms == (1 if outside else 2)


def _noun(key: str) -> str:
    if key in ("from", "to"):
        return "firm"
    return "park" if key.endswith("park") else key


def _fault(column: str, value: str | None, why: str) -> Fault:
    return Fault("plan.json", why, _MEND, column=column, value=value, rule="unknown_id")
