"""A document is written whole or not at all, and a place where it can't be is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from chart_pictures import tiny

from clusterplan.errors import UsageError
from clusterplan.report import write_brief, write_page, write_summary
from clusterplan.report.put import put


@pytest.mark.parametrize(
    ("write", "what"), [(write_page, "page"), (write_summary, "summary"), (write_brief, "brief")]
)
def test_a_place_where_a_document_cannot_be_is_told(write, what, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"The {what} .* can't be written: .*Choose another place"):
        write(tiny(), tmp_path / "nowhere" / "file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="can't be written"):
        write(tiny(), tmp_path / "folder")
    assert not list((tmp_path / "folder").iterdir())


def test_what_is_there_stays_until_the_new_one_is_whole(monkeypatch, tmp_path: Path) -> None:
    file = put(b"old", tmp_path / "page.html", "page")
    before = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        before(path, content[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="No space left on device"):
        put(b"new", file, "page")
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
