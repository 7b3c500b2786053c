"""`Store`: results in a folder, each in a file named by its address, whole or not at all.

A file holds the result and its own checksum. What is broken or foreign is told and counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clusterplan.errors import Fault, UsageError
from clusterplan.explore.sweeps.decided import from_plain
from clusterplan.explore.sweeps.result import Result
from clusterplan.plan import Proof

FORMAT = 1
END = ".sweep.json"
LITTER_S = 3600.0
"""Age at which a file that a killed run left half written is removed, seconds."""


@dataclass
class Store:
    """A folder of results.

    Parameters
    ----------
    folder
        Where they are; it is made.
    told
        What was found broken or foreign so far.

    Raises
    ------
    UsageError
        If the folder can't be made.
    """

    folder: Path
    told: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"The folder {self.folder} for results can't be made: {error.strerror}. Choose another place."
            ) from error
        for file in self.folder.glob(f".*{END}"):
            try:
                if time.time() - file.stat().st_mtime > LITTER_S:
                    file.unlink()
            except OSError:  # another run removed it
                continue

    def read(self, address: str) -> Result | None:
        """Return the result kept for an address; None if there is none that can be trusted."""
        file = self.folder / f"{address}{END}"
        try:
            return _result(file.read_text(encoding="utf-8"), address)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._tell(file, f"It can't be read: {error}.")
        except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
            why = str(error) if isinstance(error, _NotOursError) else f"{type(error).__name__}: {error}"
            self._tell(file, f"It is no result of a sweep: {why}.")
        return None

    def write(self, result: Result) -> None:
        """Keep a result: under another name first, safe on the disk, then moved to its place.

        Raises
        ------
        UsageError
            If it can't be written.
        """
        content = result.as_dict()
        told = {"format": FORMAT, "sha256": _sha256(content), "result": content}
        file = self.folder / f"{result.address}{END}"
        beside = self.folder / f".{result.address}-{secrets.token_hex(4)}{END}"
        try:
            with beside.open("w", encoding="utf-8", newline="\n") as opened:
                opened.write(json.dumps(told, ensure_ascii=False) + "\n")
                opened.flush()
                os.fsync(opened.fileno())
            beside.replace(file)
            _settle(self.folder)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise UsageError(
                f"The result {file} can't be written: {error.strerror}. Make room, or choose another folder; "
                "results that are there are kept."
            ) from error

    def _tell(self, file: Path, why: str) -> None:
        mend = "It is computed anew and replaced."
        self.told.append(Fault(file.name, why, mend, rule="broken_result", level="warning"))


class _NotOursError(ValueError):
    """What a file holds is not what was written under that address."""


def _result(text: str, address: str) -> Result:
    """Return what a file holds; what is not as it was written raises one of many errors."""
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise _NotOursError(f"its format is {content['format']!r}, not {FORMAT}")
    if content["sha256"] != _sha256(content["result"]):
        raise _NotOursError("it is not as it was written, its checksum is another")
    result = Result.from_dict({**content["result"], "source": "read", "tries": 0})
    if result.address != address:
        raise _NotOursError("it is the result of another task")
    if not result.is_answer:
        raise _NotOursError(f"{result.status} is no answer to keep")
    if result.status in ("optimal", "feasible"):
        if result.decisions is None or result.proof is None or result.value is None:
            raise _NotOursError("its plan is missing")
        from_plain(result.decisions)
        Proof(**result.proof)
    return result


def _settle(folder: Path) -> None:
    """Make sure that a new name in a folder is on the disk too, where the system can do that."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _sha256(content: Any) -> str:
    """Return the checksum of plain values as JSON reads them back."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
