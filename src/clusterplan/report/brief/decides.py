"""What decides that a firm comes, and that it is where it is, in a few words."""

from __future__ import annotations

from clusterplan.report.numbers import written
from clusterplan.report.onepage.material import Material, known

WON_BY = ("trade", "collaboration", "grants")
"""Parts of a surplus that the plan brings about; margin and costs are the firm's own."""
JUST = 0.005
"""Amounts, m currency/y, below which they are written as none."""


def why_come(material: Material, firm: str) -> str:
    """Return what a newcomer would not come without, or by how much it earns more than elsewhere.

    Parameters
    ----------
    material
        The plan.
    firm
        Id of a firm that is placed.

    Returns
    -------
    str
        The status of others; "" where nothing is known.
    """
    w, row = material.words, material.firm[firm]
    surplus = row["surplus_m_y"]
    if row["status"] != "candidate":
        return material.firm_status(firm)
    if row["is_platform"]:
        return w("decides.platform")
    if not known(surplus):
        return ""
    parts = material.short[firm]
    needed = [
        f"{w(f'decides.{part}')} {written(parts[part])}"
        for part in WON_BY
        if known(parts[part]) and parts[part] > JUST and surplus - parts[part] < -JUST
    ]
    if needed:
        return w("decides.only_for", parts=w.listed(needed))
    return w("decides.earns", amount=written(surplus))


def why_here(material: Material, firm: str) -> str:
    """Return the best other park of a firm, and what moving there alone would do to it.

    Parameters
    ----------
    material
        The plan.
    firm
        Id of a firm that is placed.

    Returns
    -------
    str
        "" for firms that do not decide about their place.
    """
    w, row = material.words, material.moving.get(firm)
    if row is None:
        return ""
    if row["status"] == "nowhere to go":
        return w("decides.nowhere")
    gain = float(row["gain_m_y"])
    said = "more" if gain > JUST else "less" if gain < -JUST else "same"
    return w(f"decides.{said}", park=material.park_names[row["best_park"]], amount=written(abs(gain)))
