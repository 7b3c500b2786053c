"""Styles, scripts and data as they stand in the page: whole, hashed, and nothing in them can end them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LEAFLET = "1.9.4"
"""Version of Leaflet under ``assets/leaflet``."""
_UNSAFE = {letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Assets:
    """The page's one style sheet and its one script, and the policy that lets these run and nothing else."""

    style: str
    script: str

    @property
    def policy(self) -> str:
        """Content security policy: this style, this script, no address at all."""
        return "; ".join(
            [
                "default-src 'none'",
                f"script-src '{_hash(self.script)}'",
                f"style-src '{_hash(self.style)}'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )


@cache
def assets() -> Assets:
    """Return what stands beside the modules of the report, put together."""
    # The images of Leaflet's style sheet are those of controls the page does not use.
    leaflet = re.sub(r"background-image:\s*url\(images/[^)]*\);", "", _read("leaflet/leaflet.css"))
    leaflet = re.sub(r"behavior:\s*url\([^)]*\);", "", leaflet)
    scripts = ("leaflet/leaflet.js", "tables.js", "map.js")
    script = "\n".join(re.sub(r"//# sourceMappingURL=.*", "", _read(name)) for name in scripts)
    return Assets(f"{leaflet}\n{_read('page.css')}", script)


def json_in_html(value: Any) -> str:
    r"""Return a value as JSON that can stand in a script element: nothing in it can end the element.

    Examples
    --------
    >>> json_in_html("</script><!--")
    '"\\u003c/script\\u003e\\u003c!--"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(_UNSAFE.get(letter, letter) for letter in text)


def _read(name: str) -> str:
    return files("clusterplan.report").joinpath("assets", *name.split("/")).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
