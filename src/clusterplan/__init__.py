"""clusterplan: plan industrial clusters around a chain owner, and check the plan.

>>> import clusterplan as cp
>>> plan = cp.solve(cp.load_region("tiny"))
>>> plan.status
'optimal'

Names are loaded when they are first used, so that ``import clusterplan`` and the command's ``--help``
are instant. They stand in ``__init__.pyi`` beside this file, each once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import lazy_loader

_load, _names, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("clusterplan")
    return _load(name)


def __dir__() -> list[str]:
    return [*_names(), "__version__"]


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        if not (name == "solve" and isinstance(value, ModuleType)):  # the room is not the function
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
