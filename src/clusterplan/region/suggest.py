"""Guess which known word was meant by an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known word nearest to `word`, or nothing if none is near."""
    words = {item.casefold(): item for item in known}
    near = difflib.get_close_matches(word.strip().casefold(), words, n=1)
    return f" Did you mean {words[near[0]]!r}?" if near else ""
