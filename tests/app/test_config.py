"""Settings come from the environment that is given, each with a default that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.config import (
    DEFAULT_OIDC_LABEL,
    DEFAULT_TILE_URL,
    LOCATIESERVER,
    OIDC_NAMES,
    Settings,
    SettingsError,
    check_secret,
    home_folder,
    settings_from_environment,
)

OIDC = {
    "VLEKKENPLAN_OIDC_ISSUER": "https://inloggen.example/organisatie/",
    "VLEKKENPLAN_OIDC_CLIENT_ID": "vlekkenplan",
    "VLEKKENPLAN_OIDC_CLIENT_SECRET": "geheim3",
    "VLEKKENPLAN_PUBLIC_URL": "https://vlekkenplan.example",
}


def settings_with(home: Path, **environ: str) -> Settings:
    return settings_from_environment({"VLEKKENPLAN_HOME": str(home), **environ})


def test_without_settings_the_private_cluster_and_the_grey_map_are_used(tmp_path: Path) -> None:
    settings = settings_from_environment({"VLEKKENPLAN_HOME": str(tmp_path)})
    assert settings.database_url is None
    assert settings.tile_url == DEFAULT_TILE_URL
    assert "Kadaster" in settings.tile_attribution


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_postgresql_address_works(tmp_path: Path, scheme: str) -> None:
    environ = {"VLEKKENPLAN_HOME": str(tmp_path), "DATABASE_URL": f"{scheme}://me:pw@server/plan"}
    settings = settings_from_environment(environ)
    assert settings.database_url == "postgresql+psycopg://me:pw@server/plan"


@pytest.mark.parametrize("url", ["mysql://server/plan", "sqlite:///plan.db", "server/plan"])
def test_another_kind_of_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="postgresql://"):
        settings_with(tmp_path, DATABASE_URL=url)


def test_no_secret_is_shown_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(
        settings_with(
            tmp_path,
            DATABASE_URL="postgres://me:geheim1@server/x",
            VLEKKENPLAN_SECRET_KEY="geheim2",
        )
    )
    assert "geheim" not in shown


def test_tiles_can_be_switched_off_or_chosen(tmp_path: Path) -> None:
    home = {"VLEKKENPLAN_HOME": str(tmp_path)}
    assert settings_from_environment({**home, "VLEKKENPLAN_TILES": "off"}).tile_url is None
    own = "https://tegels.example.org/{z}/{x}/{y}.png"
    chosen = settings_from_environment({**home, "VLEKKENPLAN_TILES": own})
    assert chosen.tile_url == own
    with pytest.raises(SettingsError, match=r"\{z\}, \{x\} en \{y\}"):
        settings_from_environment({**home, "VLEKKENPLAN_TILES": "https://tegels.example.org"})


def test_no_address_is_looked_up_elsewhere_unless_a_geocoder_is_set(tmp_path: Path) -> None:
    home = {"VLEKKENPLAN_HOME": str(tmp_path)}
    for word in ({}, {"VLEKKENPLAN_GEOCODER": ""}, {"VLEKKENPLAN_GEOCODER": "off"}):
        assert settings_from_environment({**home, **word}).geocoder_url is None
    set_to = {**home, "VLEKKENPLAN_GEOCODER": f"{LOCATIESERVER}/"}
    assert settings_from_environment(set_to).geocoder_url == LOCATIESERVER


@pytest.mark.parametrize(
    "address",
    [
        "aan",
        "api.pdok.nl/zoek",
        "file:///etc/passwd",
        "https://",
        "http://x:y/",
        "ftp://x/",
        "https://x/?q=",
        "https://me:geheim@x/",
        "http://[::1/",
        "http://x:99999/",
    ],
)
def test_a_geocoder_without_a_whole_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="VLEKKENPLAN_GEOCODER") as raised:
        settings_with(tmp_path, VLEKKENPLAN_GEOCODER=address)
    assert "geheim" not in str(raised.value)


def test_the_secret_key_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    home = {"VLEKKENPLAN_HOME": str(tmp_path / "nieuw")}
    first = settings_from_environment(home).secret_key
    assert len(first) >= 32
    assert settings_from_environment(home).secret_key == first
    assert (tmp_path / "nieuw" / "secret-key").stat().st_mode & 0o077 == 0
    assert [file.name for file in (tmp_path / "nieuw").iterdir()] == ["secret-key"]


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="VLEKKENPLAN_HOME"):
        settings_with(tmp_path / "file")


def test_a_checkout_keeps_its_files_in_var_and_an_installed_program_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home_folder({}).name == "var"
    monkeypatch.setattr("app.config.PROGRAM_FOLDER", tmp_path)
    monkeypatch.setattr("sys.platform", "linux")
    assert home_folder({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "vlekkenplan"
    assert home_folder({}) == Path.home() / ".local/share/vlekkenplan"
    monkeypatch.setattr("sys.platform", "darwin")
    assert home_folder({}) == Path.home() / "Library/Application Support/vlekkenplan"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:ge@heim@server/plan",
        "postgresql://me:ge/heim@server/plan",
        "postgresql://me:geheim/plan",
        "postgresql://me:x@server:geheim/plan",
    ],
)
def test_a_password_that_spoils_the_address_is_not_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="%40") as caught:
        settings_with(tmp_path, DATABASE_URL=url)
    assert "heim" not in str(caught.value)


@pytest.mark.parametrize(
    "place",
    [
        "/plan?host=/tmp/a%40b&port=5432",
        "me@/plan?host=/tmp/x",
        "me:p%40w@[::1]:5432/plan",
        "/plan",
    ],
)
def test_other_ways_to_name_a_server_work(tmp_path: Path, place: str) -> None:
    settings = settings_from_environment(
        {"VLEKKENPLAN_HOME": str(tmp_path), "DATABASE_URL": f"postgresql://{place}"}
    )
    assert settings.database_url == f"postgresql+psycopg://{place}"


def test_only_its_owner_may_read_the_secret_key(tmp_path: Path) -> None:
    settings = settings_from_environment({"VLEKKENPLAN_HOME": str(tmp_path)})
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert settings.secret_key not in repr(settings)


def test_without_a_provider_people_sign_in_here_only(tmp_path: Path) -> None:
    assert settings_with(tmp_path).oidc is None
    assert settings_with(tmp_path, **dict.fromkeys(OIDC_NAMES, " ")).oidc is None


def test_a_provider_is_named_letter_by_letter_and_its_secret_is_not_shown(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, **OIDC)
    assert settings.oidc is not None
    assert settings.oidc.issuer == "https://inloggen.example/organisatie/"
    assert settings.oidc.label == DEFAULT_OIDC_LABEL
    assert settings.oidc.client_secret == "geheim3"
    assert "geheim3" not in repr(settings)
    named = settings_with(tmp_path, **OIDC, VLEKKENPLAN_OIDC_LABEL="Inloggen met Voorbeeld").oidc
    assert named is not None
    assert named.label == "Inloggen met Voorbeeld"


@pytest.mark.parametrize("left_out", OIDC_NAMES)
def test_a_provider_is_set_whole_or_not_at_all(tmp_path: Path, left_out: str) -> None:
    given = {name: value for name, value in OIDC.items() if name != left_out}
    with pytest.raises(SettingsError, match=f"ontbreekt: {left_out}\\.") as raised:
        settings_with(tmp_path, **given)
    assert "geheim3" not in str(raised.value)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://inloggen.example",
        "inloggen.example",
        "ftp://inloggen.example",
        "https://",
        "https://ik:geheim4@inloggen.example",
        "https://inloggen.example/?a=b",
        "https://inloggen.example/#a",
        "https://[::1",
        "http://127.0.0.1.inloggen.example",
    ],
)
def test_a_provider_that_others_can_listen_in_on_is_refused(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(SettingsError, match="VLEKKENPLAN_OIDC_ISSUER") as raised:
        settings_with(tmp_path, **{**OIDC, "VLEKKENPLAN_OIDC_ISSUER": issuer})
    assert "geheim" not in str(raised.value)


def test_a_provider_asks_for_an_address_to_come_back_to(tmp_path: Path) -> None:
    for public_url in ("", "http://vlekkenplan.example"):
        with pytest.raises(SettingsError, match="VLEKKENPLAN_PUBLIC_URL"):
            settings_with(tmp_path, **{**OIDC, "VLEKKENPLAN_PUBLIC_URL": public_url})
    own = {**OIDC, "VLEKKENPLAN_PUBLIC_URL": "http://localhost:8000"}
    assert settings_with(tmp_path, **own).oidc is not None


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost", "[::1]:3000"])
def test_a_provider_on_this_machine_needs_neither(tmp_path: Path, host: str) -> None:
    given = {**OIDC, "VLEKKENPLAN_OIDC_ISSUER": f"http://{host}", "VLEKKENPLAN_PUBLIC_URL": ""}
    assert settings_with(tmp_path, **given).oidc is not None


KEY = "k" * 32


def test_a_server_of_somebody_asks_for_a_secret_of_its_own() -> None:
    theirs = {"DATABASE_URL": "postgresql://server/plan"}
    for environ in (theirs, {**theirs, "VLEKKENPLAN_SECRET_KEY": ""}):
        with pytest.raises(SettingsError, match=r"VLEKKENPLAN_SECRET_KEY ontbreekt.*32 tekens"):
            check_secret(environ)
    check_secret({**theirs, "VLEKKENPLAN_SECRET_KEY": KEY})
    check_secret({})


def test_a_short_secret_is_refused_without_repeating_it() -> None:
    for more in ({}, {"DATABASE_URL": "postgresql://server/plan"}):
        with pytest.raises(SettingsError, match="te kort") as raised:
            check_secret({**more, "VLEKKENPLAN_SECRET_KEY": KEY[1:]})
        assert KEY[1:] not in str(raised.value)


def test_serving_on_a_database_of_somebody_without_a_secret_is_refused(tmp_path: Path) -> None:
    environ = {
        "VLEKKENPLAN_HOME": str(tmp_path),
        "DATABASE_URL": "postgresql://127.0.0.1:1/plan",
        "VLEKKENPLAN_SECRET_KEY": None,
    }
    answer = CliRunner().invoke(main, ["serve", "--port", "1"], env=environ)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Fout: VLEKKENPLAN_SECRET_KEY ontbreekt")
    assert list(tmp_path.glob("secret-key*")) == []
    reading = CliRunner().invoke(main, ["db", "check"], env=environ)
    assert "SECRET_KEY" not in reading.stderr


@pytest.mark.parametrize(("value", "count"), [("", 0), ("0", 0), ("1", 1), ("9", 9)])
def test_no_proxy_is_believed_unless_it_is_counted(tmp_path: Path, value: str, count: int) -> None:
    environ = {"VLEKKENPLAN_HOME": str(tmp_path)}
    assert settings_from_environment(environ).proxy_count == 0
    environ["VLEKKENPLAN_PROXIES"] = value
    assert settings_from_environment(environ).proxy_count == count


@pytest.mark.parametrize("value", ["ja", "-1", "1.0", "10", "²", "*", " 1"])
def test_a_number_of_proxies_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="VLEKKENPLAN_PROXIES"):
        settings_with(tmp_path, VLEKKENPLAN_PROXIES=value)


@pytest.mark.parametrize("contact", ["mailto:veilig@gemeente.example", "https://g.example/melden"])
def test_where_to_report_a_fault_is_an_address(tmp_path: Path, contact: str) -> None:
    environ = {"VLEKKENPLAN_HOME": str(tmp_path), "VLEKKENPLAN_SECURITY_CONTACT": contact}
    assert settings_from_environment(environ).security_contact == contact


@pytest.mark.parametrize(
    "contact",
    [
        "veilig@gemeente.example",
        "http://gemeente.example",
        "https://",
        "mailto:",
        "mailto:a@b\nContact: mailto:x@y",
        "https://g.example/ x",
        "javascript:alert(1)",
    ],
)
def test_where_to_report_a_fault_can_not_be_anything(tmp_path: Path, contact: str) -> None:
    with pytest.raises(SettingsError, match="VLEKKENPLAN_SECURITY_CONTACT"):
        settings_with(tmp_path, VLEKKENPLAN_SECURITY_CONTACT=contact)


def test_only_the_public_address_is_a_host_to_trust(tmp_path: Path) -> None:
    def hosts(address: str) -> list[str] | None:
        return Settings(tmp_path, "x", public_url=address or None).trusted_hosts

    assert hosts("") is None
    assert hosts("https://Plan.example:8443") == ["plan.example"]
    assert hosts("http://[::1]:8000") is None


@pytest.mark.parametrize("address", ["plan.example", "https://plan.example/pad", "ftp://x"])
def test_a_public_address_is_scheme_and_host_alone(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="VLEKKENPLAN_PUBLIC_URL"):
        settings_with(tmp_path, VLEKKENPLAN_PUBLIC_URL=address)
