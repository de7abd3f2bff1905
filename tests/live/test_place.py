"""Where a site is built from: what is read through a link from elsewhere sends no event."""

from pathlib import Path

import pytest

from runsite.live.place import Place


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere" / "static").mkdir(parents=True)
    (tmp_path / "elsewhere" / "static" / "extra.css").write_text("p {}")
    (tmp_path / "elsewhere" / "runsite.toml").write_text('[site]\ntitle = "Digits"\n')
    (tmp_path / "runs" / "theme" / "static").mkdir(parents=True)
    return tmp_path / "runs"


def place_of(store: Path) -> Place:
    return Place([store], store.parent / "site", store.parent / ".runsite")


def test_store_without_links_leads_nowhere(store: Path) -> None:
    (store / "runsite.toml").write_text("")
    (store / "theme" / "static" / "own.css").write_text("p {}")
    (store / "theme" / "static" / "again.css").symlink_to("own.css")

    assert not place_of(store).is_led_out()


def test_store_that_is_a_link_is_watched_where_it_leads(store: Path) -> None:
    (store.parent / "link").symlink_to(store)

    assert not place_of(store.parent / "link").is_led_out()


@pytest.mark.parametrize("linked", ["runsite.toml", "theme/theme.toml", "theme/static/extra.css", "theme/templates"])
def test_link_to_settings_or_a_part_of_the_theme_leads_out(store: Path, linked: str) -> None:
    target = store.parent / "elsewhere" / linked.removeprefix("theme/").replace("templates", "static")
    (store / linked).symlink_to(target)

    assert place_of(store).is_led_out()


def test_theme_whose_folder_goes_while_it_is_listed_may_lead_anywhere(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(folder: Path, pattern: str) -> list[Path]:
        raise FileNotFoundError(folder / pattern)

    monkeypatch.setattr(Path, "rglob", listed)

    assert place_of(store).is_led_out()
