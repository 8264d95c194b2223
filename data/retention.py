"""How long personal data are kept: one registry, which clearing, the pages and the tests read.

A term counts from the moment that ``counted_from`` names. What has no term is kept until
somebody ends it (``until``). ``places`` are columns as ``table.column``, or a folder.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Retention:
    """One kind of personal data: what it is, where it stands, and when it is cleared.

    ``term`` None: kept until what ``until`` says. ``how`` tells what is left after clearing.
    """

    key: str
    label: str
    what: str
    places: tuple[str, ...]
    term: dt.timedelta | None
    counted_from: str
    how: str
    until: str = ""

    @property
    def term_text(self) -> str:
        """The term in words: 30 dagen, 1 jaar, meteen."""
        if self.term is None:
            return self.until
        if self.term == dt.timedelta(0):
            return "meteen"
        days = self.term // DAY
        if days % 365 == 0:
            return f"{days // 365} jaar"
        return "1 dag" if days == 1 else f"{days} dagen"


CONTACT = Retention(
    "contact",
    "E-mailadres bij een reactie",
    "Het e-mailadres van wie antwoord wil op een reactie.",
    ("contribution_contact.email",),
    365 * DAY,
    "de dag dat u reageerde",
    "Het adres gaat weg. De reactie blijft staan.",
)
CONTACT_TOLD = Retention(
    "contact_told",
    "E-mailadres na het antwoord",
    "Hetzelfde e-mailadres, als het antwoord is verstuurd.",
    ("contribution_contact.email",),
    30 * DAY,
    "de dag dat wij u het antwoord stuurden",
    "Het adres gaat weg. De reactie en het antwoord blijven staan.",
)
SUBSCRIPTION = Retention(
    "subscription",
    "Uw buurt volgen",
    "Het e-mailadres en de plek, het gebied of het gesprek dat u volgt.",
    (
        "subscription.email",
        "subscription.label",
        "subscription.geom",
        "subscription.area_code",
    ),
    None,
    "",
    "Alles van het volgen gaat weg.",
    until="tot u stopt",
)
SUBSCRIPTION_UNCONFIRMED = Retention(
    "subscription_unconfirmed",
    "Volgen dat niet is bevestigd",
    "Het e-mailadres van wie niet op de link in onze eerste e-mail klikte.",
    ("subscription.email", "subscription.label", "subscription.geom"),
    7 * DAY,
    "de dag dat het adres werd ingevuld",
    "Alles van het volgen gaat weg.",
)
MAIL_SENT = Retention(
    "mail_sent",
    "Een e-mail die is verstuurd",
    "Het adres en de tekst van een e-mail van ons aan u.",
    ("outgoing_mail.recipient", "outgoing_mail.subject", "outgoing_mail.body"),
    0 * DAY,
    "het versturen",
    "De e-mail gaat weg uit de database.",
)
MAIL_UNSENT = Retention(
    "mail_unsent",
    "Een e-mail die niet aankomt",
    "Het adres en de tekst van een e-mail die wij niet kunnen versturen.",
    ("outgoing_mail.recipient", "outgoing_mail.subject", "outgoing_mail.body"),
    3 * DAY,
    "de dag dat de e-mail werd gemaakt",
    "De e-mail gaat weg. Alleen dat er een fout was, staat in het logboek.",
)
MAIL_FOLDER = Retention(
    "mail_folder",
    "E-mail in een map",
    "E-mail die niet wordt verstuurd maar in een map komt, zoals in de voorbeeldregio.",
    ("post/",),
    30 * DAY,
    "de dag dat de e-mail werd gemaakt",
    "Het bestand gaat weg.",
)
ATTEMPT = Retention(
    "attempt",
    "Hoe vaak iets is geprobeerd",
    "Hoe vaak iemand iets instuurt of probeert in te loggen. Het internetadres is onleesbaar "
    "gemaakt.",
    ("attempt.key",),
    1 * DAY,
    "de eerste poging",
    "De telling gaat weg.",
)
ORIGINAL_TEXT = Retention(
    "original_text",
    "De tekst van een reactie zoals u die stuurde",
    "De eerste tekst van een reactie waaruit een moderator persoonlijke gegevens weghaalde, en "
    "waar die gegevens in de tekst stonden. Ook een bezwaar dat is toegewezen.",
    (
        "contribution.body",
        "contribution.findings",
        "contribution.appeal_text",
        "contribution.appeal_note",
        "moderation_step.note",
    ),
    90 * DAY,
    "de dag dat de moderator de reactie bekeek",
    "Alleen de tekst die openbaar is, blijft staan.",
)
UNSHOWN_PHOTO = Retention(
    "unshown_photo",
    "Een foto die de moderator niet laat zien",
    "De foto bij een reactie die wel openbaar is, en wat de maker erbij schreef.",
    ("contribution_photo.content", "contribution_photo.description"),
    90 * DAY,
    "de dag dat de moderator de reactie bekeek",
    "De foto gaat weg. De reactie blijft staan.",
)
REFUSED_TEXT = Retention(
    "refused_text",
    "Een reactie die niet is geplaatst",
    "De tekst, de antwoorden, de plek en de wijk van een reactie die niet past bij de huisregels. "
    "Ook een bezwaar daartegen en de uitleg van de moderator.",
    (
        "contribution.body",
        "contribution.public_body",
        "contribution.answers",
        "contribution.findings",
        "contribution.geom",
        "contribution.place_test",
        "contribution.from_wijk_code",
        "contribution.refusal_note",
        "contribution.appeal_text",
        "contribution.appeal_note",
        "contribution.token_sha256",
        "moderation_step.note",
    ),
    365 * DAY,
    "de dag dat de reactie werd geweigerd, of dat u bezwaar maakte",
    "Alleen dat er een reactie was en welke huisregel gold, blijft staan.",
)
REFUSED_PHOTO = Retention(
    "refused_photo",
    "Een foto bij een reactie die niet is geplaatst",
    "De foto, en wat de maker erbij schreef.",
    ("contribution_photo.content", "contribution_photo.description"),
    90 * DAY,
    "de dag dat de reactie werd geweigerd, of dat u bezwaar maakte",
    "De foto gaat weg.",
)
SIGN_IN = Retention(
    "sign_in",
    "Links om in te loggen, en wie is ingelogd",
    "Een link die niet is gebruikt, en een sessie die is verlopen.",
    ("sign_in_link.token_sha256", "sign_in_session.token_sha256"),
    0 * DAY,
    "het verlopen",
    "De link of de sessie gaat weg.",
)
BACKUP_WITH_CONTACTS = Retention(
    "backup_with_contacts",
    "E-mailadressen in een reservekopie",
    "Een apart bestand met de adressen van wie antwoord wil of de buurt volgt. De beheerder "
    "maakt dat alleen als het nodig is.",
    ("backup/",),
    30 * DAY,
    "de dag dat het bestand werd gemaakt",
    "Het bestand gaat weg. In de gewone reservekopie staan deze adressen niet.",
)

RETENTIONS: tuple[Retention, ...] = (
    CONTACT,
    CONTACT_TOLD,
    SUBSCRIPTION,
    SUBSCRIPTION_UNCONFIRMED,
    MAIL_SENT,
    MAIL_UNSENT,
    MAIL_FOLDER,
    ATTEMPT,
    ORIGINAL_TEXT,
    UNSHOWN_PHOTO,
    REFUSED_TEXT,
    REFUSED_PHOTO,
    SIGN_IN,
    BACKUP_WITH_CONTACTS,
)
#: What stands in for a text that was cleared.
CLEARED_TEXT = "Deze tekst is verwijderd omdat de bewaartermijn voorbij is."
