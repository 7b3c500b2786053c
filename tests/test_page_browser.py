"""The page in a browser, opened from disk with every host out of reach: drawn, clicked, sorted, printed."""

from __future__ import annotations

import io
import itertools
import re
import shutil

import matplotlib.image as mpl_image
import numpy as np
import pytest

import clusterplan as cp

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pypdf = pytest.importorskip("pypdf")

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
EVIL = "<img src=x onerror=document.title='evil'>"
LONG = "Avery" * 60
NAMES = (f"\"quoted\" & 'single' </script> {EVIL}", "电池厂 🔋 工厂", LONG, "{{7*7}} ${7*7} <!-- -->", EVIL)
A4_POINTS = (595, 842)


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip(
            "There is no Chromium here: install Debian's package chromium to try the page in a browser."
        )
    with playwright.sync_playwright() as started:
        rules = "--host-resolver-rules=MAP * ~NOTFOUND"
        opened = started.chromium.launch(executable_path=BROWSER, args=[rules, "--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


class Opened:
    """A page that is open, with all it asked for and all it complained of."""

    def __init__(self, browser, file, width=1280):
        self.file = file
        self.page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        self.asked, self.complaints = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("#map .place")

    def details(self):
        return self.page.inner_text("#details")

    def firms_drawn(self):
        return self.page.locator("#map .place:not(.gateway)").count()

    def check_quiet(self):
        assert self.asked == [self.file.as_uri()]
        assert self.complaints == []


@pytest.fixture(scope="module")
def yibin():
    region = cp.load_region("yibin")
    return cp.solve(region, time_limit=2)


@pytest.fixture(scope="module")
def english(browser, folder, yibin):
    opened = Opened(browser, yibin.report(folder / "en.html"))
    yield opened
    opened.check_quiet()
    opened.page.close()


@pytest.fixture(scope="module")
def hostile(browser, folder):
    plan = cp.solve(_hostile(cp.load_region("tiny")))
    opened = Opened(browser, plan.report(folder / "hostile.html"))
    yield opened
    opened.check_quiet()
    opened.page.close()


def _hostile(region):
    """Return the region with names that are hard on a page."""
    tables = {}
    for name, table in region.given().items():
        if name == "manifest":
            continue
        if "name" in table:
            table["name"] = [NAMES[n % len(NAMES)] for n in range(len(table))]
        tables[name] = table
    manifest = region.manifest.model_dump(exclude_none=True)
    manifest["title"] = f"Valley {EVIL}"
    manifest["stages"] = {stage: NAMES[n % len(NAMES)] for n, stage in enumerate(manifest["stages"])}
    return cp.Region.from_frames(manifest=manifest, **tables)


def test_the_page_asks_for_nothing_and_complains_of_nothing(english):
    english.check_quiet()
    assert english.file.stat().st_size < 1_500_000


def test_every_firm_is_drawn(english, yibin):
    assert english.firms_drawn() == int(yibin.firms["park"].notna().sum())


def test_the_map_has_roads_parks_firms_and_supply_in_its_pixels(english):
    english.page.locator("#map").scroll_into_view_if_needed()
    colours = _colours(english.page.locator("#map").screenshot())
    for what, wanted, least in (
        ("roads", (0xC4, 0xC4, 0xC4), 500),
        ("power cells", (0x00, 0x72, 0xB2), 100),
        ("anode", (0xF0, 0xE4, 0x42), 100),
    ):
        assert colours.get(wanted, 0) >= least, what


def test_a_click_on_a_firm_says_why_it_is_there(english, yibin):
    firm = "cathode_lfp_b" if "cathode_lfp_b" in yibin.firms.index else _newcomer(yibin)
    name = yibin.firms.loc[firm, "name"]
    english.page.locator(f'#map .place[aria-label^="{name}"]').first.click(force=True)
    told = english.details()
    assert told.startswith(name)
    surplus = yibin.firms.loc[firm, "surplus_m_y"]
    assert f"{surplus:,.2f} m a year more here" in told or "just as much" in told


def _newcomer(plan):
    firms = plan.firms
    won = firms[firms["park"].notna() & (firms["status"] == "candidate") & ~firms["is_platform"]]
    return won["surplus_m_y"].idxmax()


def test_a_firm_is_chosen_with_the_keyboard(english, yibin):
    english.page.locator("#map .place.anchor").first.focus()
    english.page.keyboard.press("Enter")
    assert "chain owner" in english.details()


def test_a_filter_by_stage_hides_its_firms_and_the_search_brings_them_back(english, yibin):
    firms = yibin.firms[yibin.firms["park"].notna()]
    stage = firms["stage"].value_counts().idxmax()
    before = english.firms_drawn()
    english.page.uncheck(f'input[name=stage][value="{stage}"]')
    assert english.firms_drawn() == before - int((firms["stage"] == stage).sum())
    english.page.click("#no-stages")
    assert english.firms_drawn() == 0
    name = firms[firms["stage"] == stage]["name"].iloc[0]
    english.page.fill("#search", name.lower())
    english.page.press("#search", "Enter")
    assert english.details().startswith(name)
    assert english.firms_drawn() == int((firms["stage"] == stage).sum())
    english.page.fill("#search", "no such firm")
    assert english.page.inner_text("#matches") == "Nothing has this name."
    english.page.click("#all-stages")
    assert english.firms_drawn() == before


def test_a_layer_is_put_away_and_brought_back(english):
    box = english.page.locator("input[name=layer][value=supply]")
    lines = "#map .leaflet-overlay-pane svg path[stroke='#0072b2']"
    before = english.page.locator(lines).count()
    assert before > 0
    box.uncheck()
    assert english.page.locator(lines).count() == 0
    box.check()
    assert english.page.locator(lines).count() == before


def test_a_table_is_sorted_by_numbers_up_and_down(english, yibin):
    table = english.page.locator("#supply-table")
    head = table.locator("th").nth(5)
    assert head.inner_text().startswith("Value")
    for direction, in_order in (("ascending", sorted), ("descending", lambda v: sorted(v, reverse=True))):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == direction
        shown = table.locator("tbody tr td:nth-child(6)").all_inner_texts()
        values = [float(text.replace(",", "")) for text in shown]
        assert values == in_order(values)
    assert len(values) == len(yibin.supply)


def test_a_table_is_copied_as_a_spreadsheet_takes_it(english):
    english.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    english.page.locator('button.copy[data-table="figures-table"]').click()
    playwright.expect(english.page.locator("#told")).to_have_text(re.compile("Copied"))
    copied = english.page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0].split("\t")[:2] == ["Measure", "Today"]


def test_the_page_can_be_read_aloud_and_used_from_the_keyboard(english):
    page = english.page
    levels = page.evaluate(
        "[...document.querySelectorAll('main h2, main h3, h1')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(here <= before + 1 for before, here in itertools.pairwise(levels))
    assert page.get_attribute("html", "lang") == "en"
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, input, [role=button], [role=img], [role=region]')]"
        ".filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim()"
        " || (e.labels && e.labels.length))).length"
    )
    assert unnamed == 0


def test_text_stands_out_from_its_ground(english):
    assert english.page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const part = (c) => { const s = c / 255; return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; };
  const light = (c) => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
  const rgb = (t) => t.match(/[\\d.]+/g).map(Number);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')].filter((e) => e.offsetParent && !e.closest('#map')
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).filter((e) => {
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5; }).map((e) => e.outerHTML.slice(0, 80)); }"""


def test_names_that_look_like_markup_are_text_wherever_they_stand(hostile):
    page = hostile.page
    assert page.locator("img").count() == 0
    assert page.title() == f"Valley {EVIL}: plan"
    for mark in range(page.locator("#map .place").count()):
        page.locator("#map .place").nth(mark).dispatch_event("click")
    page.fill("#search", "img src")
    page.locator("#found button").first.click()
    assert EVIL in hostile.details()
    assert page.locator("img").count() == 0
    assert page.evaluate("document.title") == f"Valley {EVIL}: plan"
    hostile.check_quiet()


def test_a_very_long_name_does_not_widen_the_page(hostile):
    for width in (1280, 400):
        hostile.page.set_viewport_size({"width": width, "height": 900})
        assert hostile.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def chinese(browser, folder, yibin):
    opened = Opened(browser, yibin.report(folder / "zh.html", lang="zh"))
    yield opened
    opened.check_quiet()
    opened.page.close()


@pytest.mark.parametrize("lang", ["english", "chinese"])
def test_the_page_prints_on_a4_with_its_text_and_its_picture(request, yibin, lang):
    page = request.getfixturevalue(lang).page
    made = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    for sheet in made.pages:
        assert (float(sheet.mediabox.width), float(sheet.mediabox.height)) == pytest.approx(A4_POINTS, abs=1)
    assert 5 < len(made.pages) < 30
    texts = [sheet.extract_text().replace("\n", " ") for sheet in made.pages]
    assert yibin.region.manifest.title.split(",")[0] in texts[0]
    assert any("HiGHS" in text for text in texts)
    if lang == "english":
        assert sum("Way, km" in text for text in texts) > 1  # heads stand on each sheet
    page.emulate_media(media="print")
    assert page.is_visible("#picture")
    assert not page.is_visible("#explorer")
    page.emulate_media(media="screen")


def test_without_scripts_the_page_shows_its_picture_and_its_tables(browser, english):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(english.file.as_uri())
    assert page.is_visible("#picture")
    assert not page.is_visible("#explorer")
    assert page.locator("#picture .firm").count() == english.firms_drawn()
    context.close()


def test_a_region_with_nothing_but_parks_firms_and_distances_has_a_page(browser, folder):
    plan = cp.solve(_bare(cp.load_region("tiny")))
    opened = Opened(browser, plan.report(folder / "bare.html"), width=400)
    opened.page.keyboard.press("Tab")
    assert opened.page.locator(":focus").inner_text() == "Skip to the answer"
    assert "No grant is paid." in opened.page.inner_text("main")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 400
    opened.check_quiet()
    opened.page.close()


def _bare(region):
    tables = {name: getattr(region, name) for name in ("parks", "firms", "products", "recipes", "distances")}
    tables["gateways"], tables["markets"] = region.gateways, region.markets
    tables["parks"] = tables["parks"].set_geometry(tables["parks"].geometry.representative_point())
    manifest = region.manifest.model_dump(exclude_none=True) | {"budgets": {}}
    return cp.Region.from_frames(manifest=manifest, **tables)


def _colours(png):
    """Return how many pixels a picture has of each colour."""
    pixels = (255 * mpl_image.imread(io.BytesIO(png))[:, :, :3]).round().astype(int).reshape(-1, 3)
    found, count = np.unique(pixels, axis=0, return_counts=True)
    return {tuple(map(int, colour)): int(n) for colour, n in zip(found, count, strict=True)}
