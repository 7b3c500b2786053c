"""Roles in a chain of the battery industry, and who takes which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One role in a chain; amounts are for one unit of its product a year.

    Parameters
    ----------
    stage
        Stage, which is also the name of its product.
    inputs
        Units of each input for one unit.
    value
        Price, currency a unit.
    ha, mwh, m3_d, workers, investment
        Land, power a year, water, workers and investment (currency) for one unit a year.
    """

    stage: str
    inputs: dict[str, float]
    value: float
    ha: float
    mwh: float
    m3_d: float
    workers: float
    investment: float


# Units: MWh for cells and packs, tonnes for materials. Sizes follow the ranges of the bundled regions.
ROLES: tuple[Role, ...] = (
    Role(
        "cell",
        {"cathode": 2.1, "anode": 0.9, "electrolyte": 1.3, "separator": 0.1},
        450_000,
        0.0015,
        40.0,
        0.06,
        0.08,
        300_000,
    ),
    Role("cathode", {"precursor": 0.95, "lithium": 0.25}, 60_000, 0.0004, 4.0, 0.02, 0.006, 25_000),
    Role("anode", {"graphite": 1.1}, 30_000, 0.0008, 8.0, 0.02, 0.008, 30_000),
    Role("electrolyte", {"solvent": 0.8, "lithium": 0.03}, 40_000, 0.0003, 0.5, 0.02, 0.004, 15_000),
    Role("separator", {}, 120_000, 0.004, 20.0, 0.1, 0.05, 400_000),
    Role("precursor", {}, 20_000, 0.0005, 3.0, 0.08, 0.005, 15_000),
    Role("cathode", {"precursor": 0.95, "lithium": 0.25}, 60_000, 0.0004, 4.0, 0.02, 0.006, 25_000),
    Role("pack", {"cell": 1.0}, 600_000, 0.0008, 5.0, 0.02, 0.06, 80_000),
    Role("lithium", {}, 150_000, 0.0007, 5.0, 0.1, 0.01, 60_000),
    Role("graphite", {}, 12_000, 0.0006, 3.0, 0.01, 0.006, 12_000),
    Role("solvent", {}, 8_000, 0.0004, 1.5, 0.04, 0.004, 10_000),
    Role("testing", {}, 0, 0, 0, 0, 0, 0),
)
TESTING = len(ROLES) - 1
SECOND_CATHODE = 6
MILLION = 1e-6


@dataclass(frozen=True)
class Member:
    """A firm's chain and its role there."""

    chain: int
    number: int

    @property
    def role(self) -> Role:
        """Its role."""
        return ROLES[self.number]

    @property
    def firm(self) -> str:
        """Its id."""
        return f"{self.role.stage}_{self.chain}" + ("_second" if self.number == SECOND_CATHODE else "")

    @property
    def product(self) -> str | None:
        """Id of what it makes, None for a testing centre."""
        return None if self.number == TESTING else f"{self.role.stage}_{self.chain}"
