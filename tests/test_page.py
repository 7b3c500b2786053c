"""The page of a plan: what it says, in which words, and that nothing in it can run or be fetched."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from string import Formatter

import pytest

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.plan.manifest_json import changed_files
from clusterplan.region import preset_weights
from clusterplan.report import page
from clusterplan.report.meanings import term_meanings
from clusterplan.report.onepage.assets import assets, json_in_html
from clusterplan.report.words import LANGUAGES, words


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def english(plan):
    return page(plan)


class _Cells(HTMLParser):
    """Tables of a page: by id, rows of texts."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.rows, self.cell = {}, [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows = self.tables.setdefault(dict(attributes)["id"], [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None


def data_of(text):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


def test_the_page_asks_for_nothing_from_anywhere(english):
    own = english.replace(assets().script, "").replace(assets().style, "")
    assert not re.search(r"(src|href|action|srcset)=[\"'](?!data:|#)", own)
    assert "url(" not in assets().style.replace("url(#default#VML)", "")
    assert "@import" not in assets().style


def test_the_page_lets_nothing_run_but_its_own_script_and_style(english):
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', english)[1])
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, of in (("script", "script-src"), ("style", "style-src")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", english, re.S)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert f"{of} 'sha256-{digest}'" in policy


def test_no_script_writes_text_as_markup():
    own = assets().script.partition('"use strict";\n  const words')[2]
    assert own
    for dangerous in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert dangerous not in own


def test_the_page_says_what_the_plan_says(plan, english):
    text = html.unescape(english)
    for said in ("Tiny valley", "Bright Batteries", "Start grant", "0.925", "97%", "newly opened"):
        assert said in text
    assert "-0.00" not in text
    assert [row[0] for row in _Cells(english).tables["left-table"][1:]] == ["Clear Glass"]
    assert len(_Cells(english).tables["firms-table"]) - 1 == int(plan.firms["park"].notna().sum())


def test_the_page_says_why_newcomers_come(plan, english):
    table = {row[0]: row[1:] for row in _Cells(english).tables["why-table"]}
    assert "Soft Seats" in table
    assert "Valley Cars" not in table  # it was there before
    short = cp.willingness(plan).short.loc["batteries"]
    assert [float(cell) for cell in table["Bright Batteries"]] == pytest.approx(list(short), abs=0.005)


def test_the_bars_are_as_long_as_what_speaks_for_and_against(plan, english):
    drawn = english[english.index('<svg class="bars"') :]
    drawn = drawn[: drawn.index("</svg>")]
    wide = [float(text) for text in re.findall(r'width="([\d.]+)" height="17"', drawn)]
    short = cp.willingness(plan).short
    won = short[(plan.firms.loc[short.index, "status"] == "candidate").to_numpy()].drop(columns="surplus")
    amounts = [abs(amount) for row in won.to_numpy() for amount in row]
    assert sum(wide) / max(wide) == pytest.approx(sum(amounts) / max(amounts), rel=0.02)


def test_the_chain_on_the_page_has_every_stage_and_its_gaps(plan, english):
    from clusterplan.plan.indicators.chain import stages_present

    rows = _Cells(english).tables["chain-table"][1:]
    known = stages_present(plan)
    assert [row[0] for row in rows] == list(known["name"])
    assert [row[1] == "gap" for row in rows] == list(~known["present"])
    assert [int(row[2]) for row in rows] == list(known["placed"])


def test_the_page_stands_beside_the_market(plan, english):
    found = cp.baseline(plan.region).coordination(plan)
    head, *rows = _Cells(english).tables["figures-table"]
    assert head[1:] == ["Today", "Anchor alone", "Market", "Plan", "Change", "Unit"]
    told = {row[0]: row[1:] for row in rows}
    assert [float(cell) for cell in told["New jobs"][:5]] == list(
        found.loc["jobs_new", ["today", "anchor_alone", "market", "plan", "change"]].round()
    )


def test_the_figures_of_a_row_share_their_decimals_and_what_is_counted_is_whole():
    region = cp.change(
        cp.load_region("tiny"), ["firm.seats.workers = 33.7", "firm.batteries.workers = 10.26"]
    )
    rows = _Cells(page(cp.solve(region))).tables["figures-table"][1:]
    for name, *cells, unit in rows:
        assert len({len(cell.partition(".")[2]) for cell in cells if cell[-1].isdigit()}) <= 1, name
        assert unit not in ("firms", "parks", "persons", "platforms") or "." not in "".join(cells), name
    assert {"firms", "persons", "m EUR/y"} <= {row[-1] for row in rows}


@pytest.mark.parametrize(
    ("number", "says"), [(1, "1 candidate that the market would bring is not"), (2, "are")]
)
def test_what_the_market_would_bring_is_told_by_its_number(number, says):
    w = words("en")
    assert says in w("answer.lost", n=number, lost=w.count("candidate", number))


def test_the_terms_on_the_page_sum_to_the_value(plan, english):
    rows = _Cells(english).tables["worth-table"]
    assert sum(float(row[-1]) for row in rows[1:-1]) == pytest.approx(plan.value, abs=0.002)
    assert float(rows[-1][-1]) == pytest.approx(plan.value, abs=0.001)


def test_the_share_that_is_assumed_is_that_of_the_files_shown():
    for name in ("tiny", "dresden"):
        region = cp.load_region(name)
        found = cp.baseline(region, orders=0)
        text = page(found.market, beside=found)
        rows = _Cells(text).tables["assumed-table"][1:]
        count = [sum(float(row[n].replace(",", "")) for row in rows) for n in (1, 4)]
        assert count[1] / count[0] == pytest.approx(region.assumed_share)


def test_alternatives_are_on_the_page_where_they_are_given(plan, english):
    assert "alternatives-table" not in english
    found = cp.alternatives(plan, 2, slack=1.0)
    tables = _Cells(page(plan, others=found)).tables
    assert [float(row[2]) for row in tables["alternatives-table"][1:]] == pytest.approx(
        found.frame["loss_m_y"], abs=0.005
    )
    assert len(tables["alternative-firms-table"]) - 1 == len(found.firms)


def test_json_in_a_page_cannot_end_its_element():
    evil = "</script><!--<script>\u2028\u2029&"
    text = json_in_html({"a": evil})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": evil}


def test_names_that_look_like_markup_are_shown_as_text():
    evil = "<img src=x onerror=alert(1)></script><!--"
    region = cp.load_region("tiny")
    firms, parks = region.firms, region.parks
    firms.loc["seats", "name"] = evil
    parks.loc["north", "name"] = evil
    text = page(cp.solve(region.replace(firms=firms, parks=parks)))
    assert "<img" not in text
    assert html.escape(evil, quote=False) in text
    assert evil in [firm["name"] for firm in data_of(text)["firms"]]


def _fields(text):
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_the_languages_have_the_same_keys_and_put_in_the_same_things():
    english, *others = (words(lang).texts for lang in LANGUAGES)
    for other in others:
        assert list(other) == list(english)
        for key, text in english.items():
            said = text if isinstance(text, str) else text[1]
            assert _fields(str(other[key])) == _fields(said), key


def test_an_unknown_language_is_refused(plan):
    with pytest.raises(cp.UsageError, match="en, zh, not in 'fr'"):
        page(plan, lang="fr")


@pytest.mark.parametrize("name", cp.bundled_regions())
def test_every_term_and_indicator_has_its_words(name):
    region = cp.load_region(name)
    plan = cp.baseline(region, orders=0).market
    w = words("en")
    assert all(w(f"meaning.{term}") == meaning for term, meaning in term_meanings().items())
    assert all(w.has(f"term.{term}") for term in preset_weights("welfare"))
    from clusterplan.report.onepage.called import defined, named
    from clusterplan.report.onepage.material import Material

    material = Material(plan, w)
    for indicator, row in plan.indicators.iterrows():
        assert named(material, indicator) != indicator
        told = defined(material, indicator, "")
        if "." not in indicator or indicator.startswith(("firms.", "collaboration", "used_share.pools")):
            assert told == row["definition"]
        else:
            of = indicator.rpartition(".")[2]
            key = next((one for one in ("stage", "pool") if f".{one}." in indicator), None)
            kinds = {"grants": "tier", "used": "resource", "used_share": "resource"}
            kind = key or kinds.get(indicator.partition(".")[0], "anchor")
            assert w(f"defined.{indicator.partition('.')[0]}.{kind}", of=of) == row["definition"]


LATIN = re.compile(r"[A-Za-z][A-Za-z'’]+")


NOT_WORDS = {"Leaflet", "OpenStreetMap", "contributors", "HiGHS", "EUR", "km", "MW", "SHA", "CO", "Ctrl"}


class _Texts(HTMLParser):
    """Every text of a page that is read: of elements, and of attributes that are read aloud."""

    def __init__(self, text):
        super().__init__()
        self.said, self.inside = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "input"):
            self.inside.append(tag)
        self.said += [value for name, value in attributes if name in ("aria-label", "title", "alt")]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style"} & set(self.inside):
            self.said.append(data)


def test_no_english_word_is_left_on_the_chinese_page():
    region = _in_chinese(cp.load_region("tiny"))
    plan = cp.solve(region)
    text = page(plan, lang="zh", others=cp.alternatives(plan, 2, slack=1.0))
    data = data_of(text)
    said = " ".join([*_Texts(text).said, *_strings(data)])
    files = " ".join([*region.checksums, *region.provenance_of()["file"]])
    versions = " ".join(cell for row in _Cells(text).tables["versions-table"] for cell in row)
    allowed = {*LATIN.findall(f"{files} {versions} {' '.join(region.checksums.values())}"), *NOT_WORDS}
    assert set(LATIN.findall(said)) - allowed == set()


def _strings(data):
    """Return the texts of the map's data that people read, ids left out."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, list):
        return [text for one in data for text in _strings(one)]
    if isinstance(data, dict):
        hidden = ("id", "stage", "park", "path", "star", "colour", "from", "to")
        return [text for key, one in data.items() if key not in hidden for text in _strings(one)]
    return []


def _in_chinese(region):
    manifest = region.manifest.model_dump(exclude_none=True)
    manifest["title"] = "小谷"
    manifest["stages"] = dict.fromkeys(manifest["stages"], "环节")
    for budget in manifest["budgets"].values():
        budget |= {"title": "预算", "tier": "镇"}
    tables = {name: table for name, table in region.given().items() if name != "manifest"}
    for name, table in tables.items():
        for column in ("name", "unit", "legal_basis"):
            if column in table:
                tables[name] = tables[name].assign(**{column: "名称"})
    return cp.Region.from_frames(manifest=manifest, **tables)


def test_the_command_writes_the_page_in_chinese_with_alternatives(plan, tmp_path, capsys):
    plan.save(tmp_path / "out")
    file = tmp_path / "zh.html"
    asked = ["--lang", "zh", "--alternatives", "1", "-o", str(file)]
    assert main(["report", str(tmp_path / "out"), *asked]) == 0
    assert str(file) in capsys.readouterr().out
    text = file.read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in text
    assert "备选方案" in text
    assert main(["report", str(tmp_path / "out"), "--lang", "fr"]) == 2
    assert main(["report", str(tmp_path / "out"), "-o", str(tmp_path / "none" / "page.html")]) == 2
    assert "Choose another place" in capsys.readouterr().err


def test_a_page_that_is_written_again_into_its_result_is_no_changed_file(plan, tmp_path):
    plan.save(tmp_path / "out")
    for asked in (["--alternatives", "1"], ["--format", "md"], ["-o", str(tmp_path / "out" / "zh.html")]):
        assert main(["report", str(tmp_path / "out"), *asked]) == 0
        assert changed_files(tmp_path / "out") == ()
    assert main(["report", str(tmp_path / "out"), "-o", str(tmp_path / "apart.html")]) == 0
    assert "apart.html" not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    (tmp_path / "out" / "zh.html").write_text("edited", encoding="utf-8")
    assert changed_files(tmp_path / "out") == ("zh.html",)
    plan.save(tmp_path / "out", force=True)
    assert not (tmp_path / "out" / "zh.html").exists()


def test_the_page_says_what_is_newly_opened_and_how_much_of_each_budget_is_taken(plan, english):
    """Of tiny's two parks one was open; the grant of 0.65 m takes most of the town's budget of 1 m."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", english))
    assert "It has 2 of 2 parks open, 1 of them newly, and places 3 firms there" in text
    budgets = english[english.index('id="budgets-table"') :]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", budgets[: budgets.index("</table>")], re.DOTALL)
    assert [cell.strip() for cell in cells][-1] == "65%"
    assert re.search(r"Localisation rate\s.*?80\.6 points", text, re.DOTALL)
