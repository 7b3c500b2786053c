"""Lettering of pictures: a font that has Chinese where one is installed, and what to do where none is."""

from __future__ import annotations

import re
from functools import cache

from matplotlib import font_manager

CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
)
MISSING = "Chinese names are left out: no font for them is installed (Noto Sans CJK has them)."

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")


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
    """Return a text as it can be drawn: without its Chinese part where no font has it."""
    if chinese_font() is not None or not _CHINESE.search(text):
        return text
    rest = re.sub(r"[(（][\s;,]*[)）]", "", _CHINESE.sub("", text))
    return " ".join(rest.split()) or "?"


def leaves_out(texts: list[str]) -> bool:
    """Return whether any of the texts can't be drawn whole."""
    return any(legible(text) != text for text in texts)
