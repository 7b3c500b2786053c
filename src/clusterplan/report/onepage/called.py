"""What indicators are called and what they mean, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable

from clusterplan.report.onepage.material import Material


def named(material: Material, indicator: str) -> str:
    """Return what an indicator is called; its id where the catalogue has no name for it."""
    key, of = _split(material, indicator)
    w = material.words
    return w(f"indicator.{key}", of=of) if w.has(f"indicator.{key}") else indicator


def defined(material: Material, indicator: str, definition: str) -> str:
    """Return what an indicator is, in a sentence; its own definition where the catalogue has none."""
    key, of = _split(material, indicator)
    w = material.words
    return w(f"defined.{key}", of=of) if w.has(f"defined.{key}") else definition


def _split(material: Material, indicator: str) -> tuple[str, str]:
    """Return the key of an indicator in the catalogue, and what it is split by as people call it."""
    head, _, of = indicator.partition(".")
    kinds: dict[str, tuple[str, Callable[[str], str]]] = {
        "grants": ("tier", lambda tier: material.words.or_else(f"tier.{tier}", tier)),
        "used": ("resource", material.resource),
        "used_share": ("resource", material.resource),
        "localisation_rate": ("anchor", lambda firm: material.names.get(firm, firm)),
    }
    if not of or head not in kinds:
        return indicator, ""
    if head == "localisation_rate" and of.startswith("stage."):
        return f"{head}.stage", material.stage(of.removeprefix("stage."))
    if indicator == "used_share.pools":
        return indicator, ""
    if head == "used_share" and of.startswith("pool."):
        pool = of.removeprefix("pool.")
        return f"{head}.pool", str(material.plan.region.pools.at[pool, "name"] or pool)
    kind, called = kinds[head]
    return f"{head}.{kind}", called(of)
