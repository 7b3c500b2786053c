"""Lettering of pictures: a font that has Chinese where one is installed, and what to do where none is."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from matplotlib import font_manager

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",  # the one name that matplotlib before 3.11 finds in the file that holds them all
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
)
MISSING = "Letters that no font here has are left out; Noto Sans CJK, once installed, has the Chinese ones."


@cache
def chinese_font() -> str | None:
    """Return the name of an installed font that has Chinese, or None."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((font for font in CHINESE_FONTS if font in installed), None)


def families() -> list[str]:
    """Return font families to draw with, the default first."""
    chinese = chinese_font()
    return ["DejaVu Sans"] if chinese is None else ["DejaVu Sans", chinese]


def legible(text: str) -> str:
    """Return a text as it can be drawn: on one line, of letters that a font here has."""
    drawn = _drawn(tuple(families()))
    line = _on_one_line(text)
    if all(ord(letter) in drawn for letter in line):
        return line
    kept = "".join(letter if ord(letter) in drawn else "" for letter in line)
    return " ".join(re.sub(r"[(（][\s;,]*[)）]", "", kept).split()) or "?"


def _on_one_line(text: str) -> str:
    kept = (letter for letter in " ".join(text.split()) if not unicodedata.category(letter).startswith("C"))
    return "".join(kept)


@cache
def _drawn(names: tuple[str, ...]) -> frozenset[int]:
    """Return the letters that some of the fonts have, as code points."""
    files = [font_manager.findfont(font_manager.FontProperties(family=name)) for name in names]
    return frozenset(code for file in files for code in font_manager.get_font(file).get_charmap())


def leaves_out(texts: list[str]) -> bool:
    """Return whether any of the texts can't be drawn whole."""
    return any(legible(text) != _on_one_line(text) for text in texts)
