"""Decisions as plain values, small and exact: what a plan is made of again without solving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from clusterplan.instance import Decisions

SPARSE = ("f", "b")
"""Kinds of arrays of which only what is not 0 is written."""


def as_plain(decisions: Decisions) -> dict[str, Any]:
    """Return decisions as plain values; floats keep their full precision."""
    return {item.name: _array(np.asarray(getattr(decisions, item.name))) for item in fields(decisions)}


def from_plain(content: Mapping[str, Any]) -> Decisions:
    """Return the decisions that `as_plain` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError, IndexError
        If it did not write them.
    """
    return Decisions(**{item.name: _restored(content[item.name]) for item in fields(Decisions)})


def _array(values: np.ndarray) -> dict[str, Any]:
    flat = values.ravel()
    told: dict[str, Any] = {"kind": values.dtype.str, "shape": list(values.shape)}
    if values.dtype.kind in SPARSE:
        at = np.flatnonzero(flat)
        return told | {"at": at.tolist(), "values": flat[at].tolist()}
    return told | {"values": flat.tolist()}


def _restored(told: Mapping[str, Any]) -> np.ndarray:
    kind = np.dtype(told["kind"])
    if kind.kind not in (*SPARSE, "i"):
        raise ValueError(f"Decisions are no {kind}.")
    shape = tuple(told["shape"])
    flat = np.zeros(int(np.prod(shape)), dtype=kind)
    flat[told["at"] if kind.kind in SPARSE else slice(None)] = told["values"]
    return flat.reshape(shape)
