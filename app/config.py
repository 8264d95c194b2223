"""Settings: read once from the environment, by whoever starts the program.

Every setting has a default with which the demo runs; nothing is read at import.
"""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from app.mail_settings import (
    DEFAULT_FROM,
    MailSettingsError,
    SmtpSettings,
    read_mail_settings,
)

PROGRAM_FOLDER = Path(__file__).resolve().parent.parent
DEFAULT_TILE_URL = (
    "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
)
DEFAULT_TILE_ATTRIBUTION = "Kaartgegevens © Kadaster"
#: The geocoder of PDOK; an example only, for no address leaves this program unless it is set.
LOCATIESERVER = "https://api.pdok.nl/bzk/locatieserver/search/v3_1"
DRIVER = "postgresql+psycopg"
#: Where people sign in with the account of their own organisation: all three, or none.
OIDC_NAMES = (
    "VLEKKENPLAN_OIDC_ISSUER",
    "VLEKKENPLAN_OIDC_CLIENT_ID",
    "VLEKKENPLAN_OIDC_CLIENT_SECRET",
)
DEFAULT_OIDC_LABEL = "Inloggen met uw gemeenteaccount"
SHORTEST_SECRET = 32
MOST_PROXIES = 9
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
CONTACT = re.compile(r"mailto:[!-?A-~]+@[!-?A-~]+|https://[!-~]+")


class SettingsError(Exception):
    """A setting has a value we cannot work with; the message names it."""


@dataclass(frozen=True)
class OidcSettings:
    """A provider of OpenID Connect, and how this website is known there.

    ``issuer`` is the provider's own name, letter by letter; ``label`` is on the button.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = DEFAULT_OIDC_LABEL


@dataclass(frozen=True)
class Settings:
    """What may differ between one installation and another.

    ``home`` is the folder for everything the program writes. ``database_url`` None means the
    private cluster in ``home / "pg"``. ``tile_url`` None means a map without background.
    ``geocoder_url`` None means that no address is ever looked up elsewhere. ``public_url`` is the
    address that people type, without a slash at the end; None on this machine only. ``oidc``
    None means that people sign in with an account of this website only.
    ``proxy_count`` is how many servers of our own stand in front of this one: so many steps of
    what they tell about a request are believed. ``security_contact`` is where faults are reported.
    ``smtp`` None means that post goes to ``home / "post"``; ``mail_from`` is who sends it.
    ``frame_ancestors`` are the websites that may show the pages under /inbed in a frame.
    """

    home: Path
    secret_key: str = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    tile_url: str | None = DEFAULT_TILE_URL
    tile_attribution: str = DEFAULT_TILE_ATTRIBUTION
    geocoder_url: str | None = None
    public_url: str | None = None
    oidc: OidcSettings | None = None
    proxy_count: int = 0
    security_contact: str | None = None
    smtp: SmtpSettings | None = None
    mail_from: str = DEFAULT_FROM
    frame_ancestors: tuple[str, ...] = ()

    @property
    def is_https(self) -> bool:
        """Whether people reach the website by https alone."""
        return self.public_url is not None and self.public_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The only host that a request may name; None when every host will do."""
        host = urlsplit(self.public_url or "").hostname
        # Werkzeug does not know addresses like [::1] in this list.
        return [host] if host and ":" not in host else None


def check_secret(environ: Mapping[str, str]) -> None:
    """Refuse to sign cookies with a secret that others may guess or can read.

    Our own database stands on this very machine: a key in its folder, for its owner alone, will do
    there. Raises SettingsError.
    """
    key = environ.get("VLEKKENPLAN_SECRET_KEY", "")
    if len(key) >= SHORTEST_SECRET or not (key or environ.get("DATABASE_URL")):
        return
    raise SettingsError(
        f"{'VLEKKENPLAN_SECRET_KEY is te kort' if key else 'VLEKKENPLAN_SECRET_KEY ontbreekt'}. "
        f"Zet er een geheime sleutel in van minstens {SHORTEST_SECRET} tekens. Een nieuwe maken: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
    )


def settings_from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Makes the home folder and a secret key in it when they are not there.

    Raises SettingsError when a value makes no sense or the home folder cannot be written.
    """
    home = home_folder(environ)
    public_url = _public_url(environ.get("VLEKKENPLAN_PUBLIC_URL"))
    smtp, mail_from = _mail(environ, public_url)
    return Settings(
        home=home,
        secret_key=environ.get("VLEKKENPLAN_SECRET_KEY") or _kept_secret_key(home),
        database_url=to_driver_url(environ.get("DATABASE_URL") or None),
        tile_url=_tile_url(environ.get("VLEKKENPLAN_TILES")),
        tile_attribution=environ.get("VLEKKENPLAN_TILES_ATTRIBUTION", DEFAULT_TILE_ATTRIBUTION),
        geocoder_url=_geocoder_url(environ.get("VLEKKENPLAN_GEOCODER")),
        public_url=public_url,
        oidc=_oidc(environ, public_url),
        proxy_count=_proxy_count(environ.get("VLEKKENPLAN_PROXIES")),
        security_contact=_security_contact(environ.get("VLEKKENPLAN_SECURITY_CONTACT")),
        smtp=smtp,
        mail_from=mail_from,
        frame_ancestors=_frame_ancestors(environ.get("VLEKKENPLAN_FRAME_ANCESTORS")),
    )


def home_folder(environ: Mapping[str, str]) -> Path:
    """VLEKKENPLAN_HOME; else ``var`` in a checkout; else the user's own data folder."""
    if chosen := environ.get("VLEKKENPLAN_HOME"):
        return Path(chosen).expanduser().absolute()
    if (PROGRAM_FOLDER / "pyproject.toml").exists():
        return PROGRAM_FOLDER / "var"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/vlekkenplan").expanduser()
    shared = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(shared).expanduser() / "vlekkenplan"


def to_driver_url(url: str | None) -> str | None:
    """The same database address with the psycopg driver. Raises SettingsError for others."""
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", DRIVER}:
        raise SettingsError(
            "DATABASE_URL moet beginnen met postgresql:// (PostgreSQL met PostGIS), "
            "bijvoorbeeld postgresql://gebruiker@server/vlekkenplan"
        )
    _check_readable(rest)
    return f"{DRIVER}://{rest}"


def _check_readable(rest: str) -> None:
    """Refuse an address of which a part of the password would be taken for something else.

    Whoever reports that the server is not found would then print that part.
    """
    place = rest.partition("?")[0].partition("/")[0]
    user, at, server = place.partition("@")
    server = server if at else user
    port = server.rpartition(":")[2] if ":" in server.rpartition("]")[2] else ""
    if (
        "@" in server
        or "@" in rest.partition("?")[0].partition("/")[2]
        or not (port == "" or port.isdecimal())
    ):
        raise SettingsError(
            "DATABASE_URL is niet te lezen. Staan er leestekens in het wachtwoord? Schrijf dan "
            "%40 voor @, %3A voor :, %2F voor / en %23 voor #."
        )


def _tile_url(value: str | None) -> str | None:
    if not value:
        return DEFAULT_TILE_URL
    if value == "off":
        return None
    if all(part in value for part in ("{z}", "{x}", "{y}")):
        return value
    raise SettingsError(
        "VLEKKENPLAN_TILES moet 'off' zijn of een adres met {z}, {x} en {y}, "
        f"bijvoorbeeld {DEFAULT_TILE_URL}"
    )


def _geocoder_url(value: str | None) -> str | None:
    """The address without a slash at the end; off unless it is set."""
    if not value or value == "off":
        return None
    try:
        parts = urlsplit(value)
        works = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        works = False
    if works and not parts.query and not parts.fragment and parts.username is None:
        return value.rstrip("/")
    raise SettingsError(
        "VLEKKENPLAN_GEOCODER moet 'off' zijn of het adres van een Locatieserver, "
        f"bijvoorbeeld {LOCATIESERVER}"
    )


def _public_url(value: str | None) -> str | None:
    """Scheme and host of the website as people type it; None when it is not set."""
    if not value:
        return None
    try:
        parts = urlsplit(value)
        works = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        works = False
    bare = works and parts.path in ("", "/") and not parts.query and not parts.fragment
    if bare and parts.username is None:
        return f"{parts.scheme}://{parts.netloc}"
    raise SettingsError(
        "VLEKKENPLAN_PUBLIC_URL moet het adres van de website zijn, zonder pad, bijvoorbeeld "
        "https://vlekkenplan.gemeente.example"
    )


def _oidc(environ: Mapping[str, str], public_url: str | None) -> OidcSettings | None:
    """The provider to sign in at; None when it is not set."""
    given = [environ.get(name, "").strip() for name in OIDC_NAMES]
    missing = [name for name, value in zip(OIDC_NAMES, given, strict=True) if not value]
    if len(missing) == len(OIDC_NAMES):
        return None
    if missing:
        raise SettingsError(
            f"Voor inloggen met OpenID Connect ontbreekt: {', '.join(missing)}. Zet alle drie: "
            f"{', '.join(OIDC_NAMES)}; of geen van de drie."
        )
    issuer, client_id, client_secret = given
    _check_issuer(issuer, public_url)
    label = environ.get("VLEKKENPLAN_OIDC_LABEL", "").strip() or DEFAULT_OIDC_LABEL
    return OidcSettings(issuer, client_id, client_secret, label)


def _check_issuer(issuer: str, public_url: str | None) -> None:
    """Refuse a provider, or a way back from it, that others could listen in on."""
    try:
        parts = urlsplit(issuer)
        is_whole = parts.hostname and parts.port != 0 and parts.username is None
    except ValueError:
        is_whole = False
    if not is_whole or "?" in issuer or "#" in issuer or not is_private_line(issuer):
        raise SettingsError(
            "VLEKKENPLAN_OIDC_ISSUER moet het https-adres van de aanbieder zijn, bijvoorbeeld "
            "https://inloggen.gemeente.example (http mag alleen op deze computer zelf)"
        )
    if public_url is None and not is_loopback(parts.hostname or ""):
        raise SettingsError(
            "Inloggen met OpenID Connect vraagt ook VLEKKENPLAN_PUBLIC_URL: de aanbieder stuurt "
            "mensen na het inloggen naar dat adres terug"
        )
    if public_url is not None and not is_private_line(public_url):
        raise SettingsError(
            "Met OpenID Connect moet VLEKKENPLAN_PUBLIC_URL met https:// beginnen (http mag "
            "alleen op deze computer zelf)"
        )


def is_private_line(address: str) -> bool:
    """Whether nobody can listen in on this address: https, or this machine itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def is_loopback(host: str) -> bool:
    """Whether this name is of the machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _mail(environ: Mapping[str, str], public_url: str | None) -> tuple[SmtpSettings | None, str]:
    try:
        return read_mail_settings(environ, public_url)
    except MailSettingsError as error:
        raise SettingsError(str(error)) from None


def _proxy_count(value: str | None) -> int:
    """How many servers of our own pass requests on to this one; none unless it is set."""
    if not value:
        return 0
    if value.isascii() and value.isdecimal() and int(value) <= MOST_PROXIES:
        return int(value)
    raise SettingsError(
        f"VLEKKENPLAN_PROXIES moet een getal zijn van 0 tot en met {MOST_PROXIES}: hoeveel eigen "
        "servers er voor deze website staan."
    )


def _security_contact(value: str | None) -> str | None:
    """A mailto: or https: address; None when it is not set."""
    if not value:
        return None
    if CONTACT.fullmatch(value):
        return value
    raise SettingsError(
        "VLEKKENPLAN_SECURITY_CONTACT moet beginnen met mailto: of https://, bijvoorbeeld "
        "mailto:veiligheid@gemeente.example"
    )


def _frame_ancestors(value: str | None) -> tuple[str, ...]:
    """The websites in whose pages our map may stand, each once; nobody unless it is set."""
    words = (value or "").replace(",", " ").split()
    return tuple(dict.fromkeys(_frame_ancestor(word) for word in words))


def _frame_ancestor(word: str) -> str:
    """Scheme, host and perhaps port of one website, as a browser compares them."""
    try:
        parts = urlsplit(word)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    bare = (
        not any(sign in word.partition("://")[2].rstrip("/") for sign in "/?#@")
        and HOST.fullmatch(host)
        and port != 0
    )
    if bare and word.lower().startswith("https://"):
        return f"https://{host}" if port in (None, 443) else f"https://{host}:{port}"
    raise SettingsError(
        "VLEKKENPLAN_FRAME_ANCESTORS moet een of meer https-adressen zijn zonder pad, met een "
        "spatie ertussen, bijvoorbeeld https://www.gemeente.example https://denkmee.example. "
        f"Dit kan niet: {word[:80]}"
    )


def _kept_secret_key(home: Path) -> str:
    """The key of an earlier start, or a new one; two starts at once agree on one key."""
    file = home / "secret-key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            own = home / f"secret-key.{secrets.token_hex(4)}"
            own.touch(mode=0o600)
            own.write_text(secrets.token_urlsafe(32))
            try:
                file.hardlink_to(own)
            except FileExistsError:
                pass
            finally:
                own.unlink()
        return file.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"In de map {home} kan niet worden geschreven: {error.strerror}. Kies een andere map "
            "met VLEKKENPLAN_HOME."
        ) from error
