"""The words of the page in each language: one catalogue a language, with the same keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from clusterplan.errors import UsageError
from clusterplan.region.suggest import suggest

LANGUAGES: tuple[str, ...] = ("en", "zh")
"""Languages that the page can be written in."""


@dataclass(frozen=True)
class Words:
    """What the page says, in one language.

    Parameters
    ----------
    lang
        Its name, one of `LANGUAGES`.
    texts
        By key: a text with the names of what is put into it in braces, or a list of two of them, for one and
        for any other number.
    """

    lang: str
    texts: Mapping[str, str | list[str]]

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return the text of a key with values put into it; ``n`` chooses between one and many."""
        text = self.texts[key]
        if isinstance(text, list):
            text = text[0 if values.get("n") in (1, "1") else 1]
        return text.format(**values)

    def has(self, key: str) -> bool:
        """Return whether there is a text of that key."""
        return key in self.texts

    def or_else(self, key: str, other: str) -> str:
        """Return the text of a key as it stands, or another where the catalogue has none."""
        return self(key) if key in self.texts else other

    def count(self, noun: str, number: int) -> str:
        """Return a number with its noun (a key ``n.<noun>``)."""
        return self(f"n.{noun}", n=f"{number:,}")

    def listed(self, names: Iterable[str]) -> str:
        """Return names as a list in a sentence."""
        return self("join").join(names)

    def sentences(self, parts: Iterable[str]) -> str:
        """Return sentences as one text."""
        return self("between").join(part for part in parts if part)


@cache
def words(lang: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    UsageError
        If the page can't be written in that language.

    Examples
    --------
    >>> words("en").count("park", 1), words("zh").count("park", 3)
    ('1 park', '3个园区')
    """
    if lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise UsageError(f"The page is written in {known}, not in {lang!r}.{suggest(lang, LANGUAGES)}")
    text = files("clusterplan.report.words").joinpath(f"{lang}.json").read_text(encoding="utf-8")
    return Words(lang, json.loads(text))
