"""Regions that come with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from clusterplan.errors import UsageError
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.read import read_region
from clusterplan.region.region import Region
from clusterplan.region.suggest import suggest


def bundled_regions() -> tuple[str, ...]:
    """Return the names of the regions that come with the package.

    Examples
    --------
    >>> import clusterplan as cp
    >>> "tiny" in cp.bundled_regions()
    True
    """
    root = _root()
    return (
        tuple(sorted(path.name for path in root.iterdir() if (path / MANIFEST_FILE).is_file()))
        if root
        else ()
    )


def bundled_folder(name: str) -> Path:
    """Return the folder of a bundled region.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    root = _root()
    known = bundled_regions()
    if root is None or name not in known:
        raise UsageError(
            f"There is no bundled region {name!r}.{suggest(name, known)} Bundled: {', '.join(known)}."
        )
    return root / name


def load_region(name: str) -> Region:
    """Read a bundled region.

    Parameters
    ----------
    name
        One of `bundled_regions`.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> import clusterplan as cp
    >>> cp.load_region("tiny").name
    'tiny'
    """
    return read_region(bundled_folder(name))


def _root() -> Path | None:
    """Return the folder of bundled regions: in the installed package, or in the checkout it is run from."""
    package = Path(str(resources.files("clusterplan")))
    checkout = package.parents[1]
    places = (package / "data" / "regions", checkout / "data" / "regions")
    return next((place for place in places if place.is_dir()), None)
