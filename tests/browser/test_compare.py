"""The comparison page: reached in one click, true to the run table, whole in its address."""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.visits import SETTLED, fresh_context, served, visiting
from built_site import BuiltSite, build_by_command
from support import Record, metrics, params, run_end, run_start, write_run

ODD = 'a.b[0] "x" \\ `y` </script>'
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OTHER_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="red"/></svg>'
PATCH = "--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-lr = 0.1\n+lr = {}\n"
SENTENCE = (
    "b differs from a in lr (0.1 → 0.01) and in the package numpy (1.26 → 2.0); "
    "val/acc 0.93 → 0.95, not enough runs to judge."
)
DIVERGED = {"a": (0.5, 0.3, 0.4), "b": ("NaN", "NaN", "NaN"), "c": (0.5, 0.2, 0.9)}
MIXED: dict[str, dict[str, int | str | None]] = {
    "a": {"depth": None, "mixed": 1},
    "b": {"depth": "null", "mixed": "1"},
    "c": {"depth": None, "mixed": 1},
}
SELECTED_TEXTS = """(column) => {
  const heads = [...document.querySelectorAll(".run_table thead th")];
  const place = heads.findIndex((head) => head.dataset.column === column);
  const rows = [...document.querySelectorAll(".run_table tr[aria-selected=true]")];
  return rows.map((row) => row.cells[place].querySelector("data").textContent);
}"""


def records(
    lr: float, numpy: str, acc: float, *, seed: int = 0, patch: str | None = None, more: Mapping[str, str] | None = None
) -> list[Record]:
    patched = {"dirty": False} if patch is None else {"dirty": True, "patch": patch}
    return [
        run_start(),
        params(lr=lr, seed=seed, batch=32, **(more or {})),
        {"type": "metric_definition", "name": "val/acc", "goal": "maximize"},
        {"type": "environment", "python": "3.11", "packages": {"numpy": numpy, "scipy": "1.17"}},
        {"type": "source", "command": "python t.py", "commit": "c0ffee", **patched},
        *(metrics(step, {"val/acc": acc - 0.1 + step / 100, ODD: step}) for step in range(11)),
        run_end(),
    ]


def write_store(store: Path) -> None:
    write_run(store, "digits", "a", *records(0.1, "1.26", 0.93))
    write_run(store, "digits", "b", *records(0.01, "2.0", 0.95))
    for place, (id, text) in enumerate((("c", "p" * 400 + "1"), ("d", "p" * 400 + "2"))):
        images = [
            {"type": "artifact", "path": f"artifacts/{step}.png", "name": ODD, "step": step, "kind": "image"}
            for step in (0, 10)
        ]
        drawing = {"type": "artifact", "path": "artifacts/roc.svg", "name": "roc"}
        odd = {ODD: f"{place}</script>", "text": text}
        logged = records(0.2, "2.0", 0.9, patch="artifacts/source.patch", more=odd)
        folder = write_run(store, "odd </script>", id, *logged, *images, drawing)
        (folder / "artifacts").mkdir()
        (folder / "artifacts" / "0.png").write_bytes(PIXEL)
        (folder / "artifacts" / "10.png").write_bytes((PIXEL, OTHER_PIXEL)[place])
        (folder / "artifacts" / "roc.svg").write_text(SVG, encoding="utf-8")
        (folder / "artifacts" / "source.patch").write_text(PATCH.format(place), encoding="utf-8")
    for number in range(24):
        lr = (0.1, 0.2)[number % 2]
        write_run(store, "many", f"r{number:02}", *records(lr, "2.0", 0.5 + lr + number / 1000, seed=number // 2))
    for id, name in (("a", "short"), ("b", "long name " * 25)):
        write_run(store, "named", id, run_start(name=name), metrics(0, {"loss": len(name)}), run_end())
    for id, losses in DIVERGED.items():
        curve = (metrics(step, {"loss": loss}) for step, loss in enumerate(losses))
        goal = {"type": "metric_definition", "name": "loss", "goal": "minimize"}
        write_run(store, "diverged", id, run_start(), params(**MIXED[id]), goal, *curve, run_end())
    (store / "runsite.toml").write_text("[site]\nprivate = false\n", encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chart_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    write_store(folder / "runs")
    return build_by_command(folder / "runs", folder / "site", chart_cache)


@pytest.fixture(scope="module")
def addresses(site: Path) -> Iterator[dict[str, str]]:
    with served(site, prefix="/a/b/") as root:
        yield {"file": f"{site.as_uri()}/", "http": root}


def comparison(*keys: str, **state: str) -> str:
    pairs = {"runs": ",".join(keys), **state}
    return "compare.html#" + "&".join(f"{name}={quote(text, safe='')}" for name, text in pairs.items())


def wait(page: Page) -> None:
    page.locator("#compare:not([aria-busy]) .compare_sentence").wait_for()
    page.evaluate(SETTLED)


def sentence(page: Page) -> str:
    wait(page)
    return page.locator(".compare_sentence").inner_text()


def cells(page: Page, section: str) -> dict[str, list[str]]:
    rows = page.locator(f"#compare_{section} tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}


@pytest.mark.parametrize("address", ["file", "http"])
def test_one_param_and_one_package_are_just_that(address: str, chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses[address]) as visit:
        page = visit.open(comparison("digits/a", "digits/b"))

        assert sentence(page) == SENTENCE
        assert cells(page, "params") == {"lr": ["0.1", "0.01"]}
        assert cells(page, "environment") == {"numpy": ["1.26", "2.0"]}
        assert page.locator("#compare_params > .muted").inner_text() == "and 2 the same"
        assert visit.faults == []


def test_diverged_run_leaves_the_best_values_of_the_others(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("diverged/a", "diverged/b", "diverged/c"))

        assert sentence(page) == (
            'b differs from a in depth (null → "null") and mixed (1 → "1"); '
            "loss 0.3 → at best 0.2 (c, a repeat of the same configuration) and has no finite value in b."
        )
        assert cells(page, "params") == {"depth": ["null", '"null"', "null"], "mixed": ["1", '"1"', "1"]}
        assert "no finite value" in page.locator("#compare_metrics").inner_text()
        assert visit.faults == []


@pytest.mark.parametrize(
    ("base", "other", "said"),
    [
        ("code 8", "code 8 · linear", "in model/activation (tanh → identity); "),
        ("code 16", "code 16 · narrow", "in model/hidden (96 → 48) and in the package numpy (2.4.6 → 2.3.5); "),
    ],
)
def test_example_runs_that_differ_in_a_param_or_a_package_too_say_just_that(
    base: str, other: str, said: str, chromium: Browser, origins: dict[str, str], example_site: Path
) -> None:
    path = next(
        path for path in BuiltSite(example_site).page_paths if "/digits-autoencoder" in path and "/runs/" not in path
    )
    with fresh_context(chromium) as context, visiting(context, origins["file"]) as visit:
        page = visit.open(path)
        for name in (base, other):
            page.locator(f'.select_run[aria-label="Select {name}"]').click()
        page.get_by_role("link", name="Compare", exact=True).click()

        assert sentence(page).startswith(f"{other} differs from {base} {said}val/mse")
        assert "branch" not in cells(page, "code")
        assert visit.faults == []


def test_figures_are_those_of_the_run_table(chromium: Browser, origins: dict[str, str], example_site: Path) -> None:
    path = next(path for path in BuiltSite(example_site).page_paths if "/digits-mlp" in path and "/runs/" not in path)
    with fresh_context(chromium) as context, visiting(context, origins["root"]) as visit:
        page = visit.open(path)
        page.locator(".select_run:visible").nth(0).click()
        page.locator(".select_run:visible").nth(12).click()
        column = page.locator(".run_table th[aria-sort]").first.get_attribute("data-column")
        texts = page.evaluate(SELECTED_TEXTS, column)
        page.get_by_role("link", name="Compare", exact=True).click()
        wait(page)
        row = page.locator("#compare_metrics tbody tr").first
        shown = [cell.split(" ")[0].split("\xa0")[0] for cell in row.locator("td:not(.verdict)").all_inner_texts()]

    assert len(texts) == 2
    assert shown == texts
    assert visit.faults == []


def test_the_address_is_the_view(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "digits/b"))
        wait(page)
        page.get_by_label("Compare with b").check()
        page.get_by_label("only what differs").uncheck()
        said, address, params_shown = sentence(page), page.url, cells(page, "params")
        page.goto("about:blank")
        page.goto(address)

        assert said.startswith("a differs from b in lr (0.01 → 0.1)")
        assert sentence(page) == said
        assert cells(page, "params") == params_shown
        assert set(params_shown) == {"lr", "seed", "batch"}
        assert visit.faults == []


def test_a_choice_by_keyboard_keeps_the_focus(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "digits/b"))
        wait(page)
        page.get_by_label("Compare with a").focus()
        page.keyboard.press("ArrowRight")
        page.evaluate(SETTLED)

        assert sentence(page).startswith("a differs from b")
        assert page.evaluate("document.activeElement.ariaLabel") == "Compare with b"


def test_skipping_to_the_content_keeps_the_comparison(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "digits/b"))
        wait(page)
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        page.evaluate(SETTLED)

        assert sentence(page) == SENTENCE
        assert "runs=" in page.url


def test_odd_names_are_compared_charted_and_run_nothing(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("odd </script>/c", "odd </script>/d"))
        said = sentence(page)
        figure = page.locator("figure.metric_chart").last
        figure.scroll_into_view_if_needed()
        figure.locator(".plot svg, .plot canvas").first.wait_for()

        assert f"{ODD} (0</script> → 1</script>)" in said
        assert "text (another text)" in said
        assert "in the patch of uncommitted changes" in said
        assert ODD in [each.get_attribute("data-metric") for each in page.locator("figure.metric_chart").all()]
        page.locator(".long_text summary").last.click()
        assert page.locator(".long_text pre").last.inner_text().endswith("pp2")
        assert visit.faults == []


def test_heads_of_several_lines_do_not_rest_on_the_line(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "digits/b"))
        wait(page)
        lines, room = page.locator(".compare_table .subject_name").first.evaluate(
            """(name) => {
              name.textContent = "a long name of a run ".repeat(9);
              const [own, head] = [name, name.closest("th")].map((each) => each.getBoundingClientRect());
              return [own.height / parseFloat(getComputedStyle(name).lineHeight), head.bottom - own.bottom];
            }"""
        )

    assert lines > 1
    assert room >= 3


def test_published_patches_are_compared_line_by_line(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["http"]) as visit:
        page = visit.open(comparison("odd </script>/c", "odd </script>/d"))
        wait(page)
        page.get_by_text("Patch of d against that of c").click()
        diff = page.locator(".diff").first
        diff.wait_for()

        assert "-+lr = 0\n" in diff.inner_text()
        assert "++lr = 1" in diff.inner_text()
        assert visit.faults == []


def test_a_slider_chooses_the_step_of_images(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("odd </script>/c", "odd </script>/d"))
        wait(page)
        slider = page.locator(".step_slider input")
        pictures = page.locator(".image_row").first.locator("img")
        pictures.first.scroll_into_view_if_needed()
        last = [picture.get_attribute("src") for picture in pictures.all()]
        slider.focus()
        page.keyboard.press("ArrowLeft")
        first = [picture.get_attribute("src") for picture in pictures.all()]
        for picture in page.locator(".image_row img").all():
            expect(picture).not_to_have_js_property("naturalWidth", 0)

        assert "step=0" in page.url
        assert slider.get_attribute("aria-valuetext") == "step 0"
        assert len(set(first)) == 1
        assert len(set(last)) == 2
        assert visit.faults == []


def test_groups_of_the_table_are_compared_by_their_means(
    site: Path, chromium: Browser, addresses: dict[str, str]
) -> None:
    path = next(path for path in BuiltSite(site).page_paths if "/many-" in path and "/runs/" not in path)
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(f"{path}#group=repeats")
        page.get_by_role("link", name="Compare the groups").click()

        assert sentence(page) == (
            "lr 0.1 differs from lr 0.2 in lr (0.2 → 0.1); "
            "val/acc 0.712 ± 0.0046 → 0.611 ± 0.0046, worse, beyond seed noise."
        )
        assert "n = 12 and 12" in cells(page, "metrics")["val/acc best ▲"][2]
        assert visit.faults == []


def test_twenty_runs_are_compared_and_no_more(chromium: Browser, addresses: dict[str, str]) -> None:
    keys = [f"many/r{number:02}" for number in range(24)]
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison(*keys))
        wait(page)

        assert page.locator("#compare_params thead th").count() == 21
        assert "The first 20 of 24 are compared." in page.locator("#compare").inner_text()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 1280
        page.locator("#compare_params .compare_scroll").evaluate("(box) => { box.scrollLeft = 300; }")
        expect(page.locator("#compare_metrics .compare_scroll")).to_have_js_property("scrollLeft", 300)
        assert visit.faults == []


def test_runs_of_several_experiments_are_compared(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "many/r01"))

        assert sentence(page).startswith("r01 differs from a in lr (0.1 → 0.2)")
        assert cells(page, "runs")["experiment"] == ["digits", "many"]
        assert visit.faults == []


def test_a_run_that_is_not_here_is_said(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "digits/gone", "nowhere/b", "digits/b"))

        assert sentence(page) == SENTENCE
        warnings = page.locator("#compare .warn").all_inner_texts()
        assert warnings == ["digits/gone is not in this site.", "nowhere/b is not in this site."]
        assert visit.faults == []


def test_a_run_that_is_not_here_is_said_once_where_news_come_while_it_is_looked_for(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        visit.open(comparison("digits/a", "digits/gone"))
        wait(visit.page)
        visit.page.evaluate(
            "(() => { const page = runsite.comparison; page.reading = page.read(); return page.renew(); })()"
        )

        assert visit.page.locator("#compare .warn").all_inner_texts() == ["digits/gone is not in this site."]


def test_one_run_alone_and_none_are_taught(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a"))
        alone = sentence(page)
        page.get_by_role("link", name="the best run of digits").click()
        page.locator("#compare_params").wait_for()
        with_best = sentence(page)
        page = visit.open("about.html")
        page = visit.open("compare.html")

        assert alone.startswith("One run alone: a. Compare it with the best run of digits")
        assert with_best.startswith("a differs from b")
        assert sentence(page) == "Nothing is chosen yet."
        assert "select runs with the box before their name" in page.locator("main").inner_text()
        assert visit.faults == []


def test_a_run_page_leads_to_the_comparison_with_the_best(
    site: Path, chromium: Browser, addresses: dict[str, str]
) -> None:
    path = next(path for path in BuiltSite(site).page_paths if "/digits-" in path and "/runs/a-" in path)
    with fresh_context(chromium) as context, visiting(context, addresses["http"]) as visit:
        page = visit.open(path)
        page.get_by_role("link", name="the best run").click()

        assert sentence(page).startswith("a differs from b in lr (0.01 → 0.1)")
        assert page.url.endswith("#runs=digits%2Fb%2Cdigits%2Fa")
        assert visit.faults == []


def test_a_run_is_taken_out(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "many/r00", "digits/b"))
        wait(page)
        page.get_by_label("Take r00 out").click()
        expect(page.locator("#compare_params thead th")).to_have_count(3)

        assert sentence(page) == SENTENCE
        assert visit.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("runs", [("odd </script>/c", "odd </script>/d"), tuple(f"many/r{n:02}" for n in range(20))])
def test_axe_finds_nothing(scheme: str, runs: tuple[str, ...], chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium, color_scheme=scheme) as context, visiting(context, addresses["http"]) as visit:
        page = visit.open(comparison(*runs, same="shown"))
        wait(page)
        for details in page.locator("details.patch, details.long_text").all():
            details.evaluate("(details) => { details.open = true; }")
        page.evaluate(SETTLED)
        results = Axe().run(page)

        assert [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in results.response["violations"]] == []


def test_a_phone_does_not_scroll_sideways(chromium: Browser, addresses: dict[str, str]) -> None:
    with (
        fresh_context(chromium, viewport={"width": 360, "height": 740}) as context,
        visiting(context, addresses["file"]) as visit,
    ):
        for runs in (("odd </script>/c", "odd </script>/d"), tuple(f"many/r{n:02}" for n in range(20))):
            page = visit.open("about.html")
            page = visit.open(comparison(*runs, same="shown"))
            wait(page)

            assert page.evaluate("document.scrollingElement.scrollWidth") == 360


def test_print_has_the_rows_and_no_controls(chromium: Browser, addresses: dict[str, str]) -> None:
    with fresh_context(chromium) as context, visiting(context, addresses["file"]) as visit:
        page = visit.open(comparison("digits/a", "digits/b"))
        wait(page)
        page.emulate_media(media="print")

        assert page.locator("#compare_params tbody tr").first.is_visible()
        assert not page.locator(".compare_controls").is_visible()
        assert not page.locator(".base_choice").is_visible()


def test_long_name_takes_three_lines_of_a_heading_and_is_whole_in_its_title(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    with (
        fresh_context(chromium, viewport={"width": 390, "height": 844}) as context,
        visiting(context, addresses["file"]) as visit,
    ):
        page = visit.open(comparison("named/a", "named/b"))
        wait(page)
        heading = page.locator("#compare_metrics thead th", has_text="long name")

        assert heading.evaluate("(heading) => heading.offsetHeight") <= 80
        assert ("long name " * 25).strip() in str(heading.locator(".subject_name").get_attribute("title"))
        assert visit.faults == []
