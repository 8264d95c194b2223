"""The one table of permissions: what may be done, by whom, and through which door.

The page ``/rechten`` shows this table, the guard of every request asks it, and tests hold
every page and command to it. What does not stand here may be done by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry
from app.auth.roles import ROLES, VISITOR_KEY
from data import database_roles
from data.database_roles import Role as DatabaseRole


@dataclass(frozen=True)
class Permission:
    """One thing that may be done. ``holders`` are keys of roles.

    ``database_role`` is the most that work under this permission can reach; None is the owner of
    the tables, for commands on the server itself and never for a page.
    """

    key: str
    label: str
    holders: frozenset[str]
    database_role: DatabaseRole | None
    explanation: str = ""


def _permission(
    key: str, label: str, holders: str, database_role: DatabaseRole | None, explanation: str = ""
) -> Permission:
    keys = frozenset(holders.split())
    assert all(holder in ROLES.keys for holder in keys)
    return Permission(key, label, keys, database_role, explanation)


EVERYONE = " ".join(ROLES.keys)
STAFF = " ".join(key for key in ROLES.keys if key != VISITOR_KEY)
PERMISSIONS = Registry(
    "permission",
    (
        _permission(
            "lezen",
            "Lezen wat openbaar is",
            EVERYONE,
            database_roles.VISITOR,
            "De kaart, de lijsten, de cijfers en de downloads.",
        ),
        _permission(
            "inloggen",
            "Inloggen en uitloggen",
            EVERYONE,
            database_roles.ACCOUNTS,
        ),
        _permission(
            "eigen_account",
            "Het eigen account beheren",
            STAFF,
            database_roles.ACCOUNTS,
            "Wachtwoord en tweede stap instellen, en overal uitloggen.",
        ),
        _permission(
            "interne_cijfers",
            "Aantallen lezen met interne locaties erbij",
            "raadslid planner regiocoordinator",
            database_roles.COUNCIL,
            "Per gemeente en wijk. Zonder namen en adressen.",
        ),
        _permission(
            "locaties_lezen",
            "Locaties van de eigen gemeente lezen, ook interne",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
        ),
        _permission(
            "locaties_bewerken",
            "Locaties van de eigen gemeente toevoegen en wijzigen",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
            "Ook de vijf vragen, de fase, bestanden en het werkblad.",
        ),
        _permission(
            "geschiedenis_lezen",
            "De geschiedenis van de eigen locaties lezen",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
        ),
        _permission(
            "geschiedenis_herstellen",
            "Een eerdere versie terugzetten",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
        ),
        _permission(
            "kandidaten_vergelijken",
            "Kandidaten vergelijken en de weging ervan bewaren",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
            "Ook keuzes, scenario's en berekeningen van de regio lezen.",
        ),
        _permission(
            "keuzes_bewerken",
            "Een keuze maken: kandidaten, fasen, criteria en het dossier",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
        ),
        _permission(
            "dossiers_publiceren",
            "Een dossier openbaar maken of intrekken",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
        ),
        _permission(
            "scenarios_bewerken",
            "Scenario's maken, wijzigen en delen",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
            "Een scenario verandert niets aan de locaties zelf.",
        ),
        _permission(
            "scenarios_overnemen",
            "Een scenario overnemen in de locaties",
            "regiocoordinator",
            database_roles.WORKSPACE,
            "Met een reden. Daarna staan de locaties zo in de werkbank.",
        ),
        _permission(
            "spreiding_kiezen",
            "Meer plekken tegelijk laten kiezen",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
            "De computer rekent en legt uit. Mensen besluiten.",
        ),
        _permission(
            "gegevens_inlezen",
            "Cijfers, locaties en voorzieningen inlezen",
            "databeheerder",
            None,
            "Met een opdracht op de server.",
        ),
        _permission(
            "inleesgeschiedenis_lezen",
            "Lezen wie welke gegevens heeft ingelezen",
            "databeheerder",
            database_roles.DATA,
        ),
        _permission(
            "reageren",
            "Reageren, afwegen en de buurt volgen",
            EVERYONE,
            database_roles.RESIDENT,
            "Zonder account. Een reactie is pas te lezen als een moderator die heeft bekeken.",
        ),
        _permission(
            "trajecten_bewerken",
            "Gesprekken met de wijk maken en bijhouden",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
            "Plan, fasen, bijeenkomsten, nieuws, documenten en afspraken.",
        ),
        _permission(
            "reacties_beantwoorden",
            "Reacties van inwoners beantwoorden",
            "planner regiocoordinator",
            database_roles.WORKSPACE,
            "Ook reacties van papier en bijeenkomsten invoeren. Zonder de e-mailadressen te zien.",
        ),
        _permission(
            "reacties_modereren",
            "Reacties van inwoners beoordelen",
            "moderator",
            database_roles.MODERATOR,
            "Vóór plaatsing, volgens de huisregels. Zonder de e-mailadressen te zien.",
        ),
        _permission(
            "belang_lezen",
            "Lezen wat inwoners belangrijk vinden",
            "raadslid planner regiocoordinator",
            database_roles.COUNCIL,
            "Alle afwegingen samen. Niet wie wat vond.",
        ),
        _permission(
            "post_lezen",
            "Zien welke post er wacht",
            "beheerder",
            database_roles.CARETAKER,
            "In de voorbeeldregio ook de post zelf.",
        ),
        _permission(
            "accounts_beheren",
            "Accounts en rollen beheren",
            "beheerder",
            database_roles.ACCOUNTS,
            "En lezen wie daar wat aan veranderde.",
        ),
        _permission(
            "server_beheren",
            "Het programma en de database starten en bijwerken",
            "beheerder",
            None,
            "Met een opdracht op de server, ook het maken van de eerste beheerder.",
        ),
    ),
)
