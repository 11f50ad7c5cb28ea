"""Settings: what an environment says, and what is said of one that is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from explorer.settings import BadSetting, Settings, folder, instance, unknown

ROOT = Path(__file__).parents[2]


def set_to(**settings: str) -> Settings:
    """Read settings from an environment that has these and no others."""
    return Settings.from_environment({f"EXPLORER_{name}": text for name, text in settings.items()})


def test_nothing_has_to_be_set() -> None:
    assert set_to() == Settings()


def test_an_empty_setting_is_as_if_it_were_not_there() -> None:
    names = ["DATABASE_URL", "HOST", "PORT", "WORKERS", "HTMX", "PROXY_HOPS", "TRUSTED_HOSTS"]
    names += ("LOG", "LOG_FORM", "METRICS_PORT", "METRICS_HOST")

    assert set_to(**dict.fromkeys(names, " "), URL_PREFIX="") == Settings()


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = set_to()

    assert (settings.host, settings.port, settings.htmx) == ("127.0.0.1", 8000, "cdn")
    assert settings.memory_mb == 256
    assert (settings.proxy_hops, settings.trusted_hosts, settings.url_prefix) == (0, (), "")
    assert (settings.log, settings.metrics_port, settings.metrics_host) == (
        "errors",
        0,
        "127.0.0.1",
    )
    assert settings.workers >= 1
    assert settings.database_url == f"sqlite:///{ROOT / 'instance' / 'explorer.db'}"


def test_everything_can_be_set() -> None:
    settings = set_to(
        DATABASE_URL="postgresql+psycopg://plots@db/plots",
        HOST="::",
        PORT="80",
        WORKERS="3",
        HTMX="local",
        PROXY_HOPS="2",
        TRUSTED_HOSTS="plots.example.org, .example.com:8080,[::1]:80",
        URL_PREFIX="/read/plots/",
        LOG="requests",
        LOG_FORM="json",
        METRICS_PORT="9100",
        METRICS_HOST="10.0.0.7",
        FORM_SECONDS="3",
        HEAD_SECONDS="5",
    )

    assert settings == Settings(
        database_url="postgresql+psycopg://plots@db/plots",
        host="::",
        port=80,
        workers=3,
        htmx="local",
        proxy_hops=2,
        trusted_hosts=("plots.example.org", ".example.com:8080", "[::1]:80"),
        url_prefix="/read/plots",
        log="requests",
        log_form="json",
        metrics_port=9100,
        metrics_host="10.0.0.7",
        form_seconds=3,
        head_seconds=5,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "plots.db"),
        ("HOST", "http://localhost"),
        ("HOST", "local host"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "8_0"),
        ("PORT", "８０"),
        ("PORT", "8000.0"),
        ("PORT", "9" * 5000),
        ("WORKERS", "0"),
        ("WORKERS", "many"),
        ("HTMX", "CDN"),
        ("HTMX", "none"),
        ("PROXY_HOPS", "-1"),
        ("PROXY_HOPS", "all"),
        ("TRUSTED_HOSTS", "https://plots.example.org"),
        ("TRUSTED_HOSTS", "*"),
        ("TRUSTED_HOSTS", "a b"),
        ("FORM_SECONDS", "0"),
        ("FORM_SECONDS", "1.5"),
        ("HEAD_SECONDS", "601"),
        ("LOG", "all"),
        ("LOG_FORM", "xml"),
        ("METRICS_PORT", "65536"),
        ("METRICS_HOST", "http://localhost"),
        ("URL_PREFIX", "plots"),
        ("URL_PREFIX", "/plots?x"),
        ("URL_PREFIX", "//plots"),
        ("URL_PREFIX", "/a//b"),
        ("URL_PREFIX", "/a/../b"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_setting(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=f"^EXPLORER_{name} must be "):
        set_to(**{name: text})


def test_a_password_in_a_bad_address_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as error:
        set_to(DATABASE_URL="postgresql:/user:hunter2@host/x")

    assert "hunter2" not in str(error.value)


def test_what_ships_beside_the_code_is_found_in_a_checkout() -> None:
    for name in ("templates", "static", "scenes.json"):
        assert folder(name) == ROOT / name


def test_a_checkout_keeps_its_library_to_itself() -> None:
    assert instance() == ROOT / "instance"


def test_an_installed_package_finds_all_inside_itself(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "explorer"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for module in ("settings.py", "machine.py"):
        (package / module).write_text((ROOT / "explorer" / module).read_text())
    (package / "templates").mkdir()
    show = "from explorer.settings import folder, instance; print(folder('templates'), instance())"
    said = subprocess.run(
        [sys.executable, "-c", show],
        env={"PYTHONPATH": str(package.parent), "HOME": str(tmp_path / "me")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    templates, library = map(Path, said.stdout.split())
    assert templates == package / "templates"
    # The environment that it is installed in may be made anew, and the library stays.
    assert library.is_relative_to(tmp_path / "me")
    assert library.name == "plot-explorer"
    assert not library.is_relative_to(sys.prefix)


def test_a_setting_that_is_none_is_named_with_the_one_that_may_be_meant() -> None:
    environ = {"EXPLORER_PORT": "1", "EXPLORER_WORKER": "2", "EXPLORER_XYZZY": "", "HOME": "/"}

    assert list(unknown(environ)) == [
        "EXPLORER_WORKER is no setting and changes nothing; did you mean EXPLORER_WORKERS?",
        "EXPLORER_XYZZY is no setting and changes nothing.",
    ]
