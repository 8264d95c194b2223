"""The policy documents that the facility types and figures rest on, and how we cite them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.registry import Registry


@dataclass(frozen=True)
class PolicyDocument:
    """A published document: who wrote it, what it is called, when it appeared."""

    key: str
    label: str
    publisher: str
    year: int


POLICY_DOCUMENTS = Registry(
    "policy document",
    (
        PolicyDocument(
            "kader",
            "Kader Opvang, Wonen en Herstel 2022 tot en met 2027",
            "De acht gemeenten in Zuid-Kennemerland, IJmond en Haarlemmermeer",
            2021,
        ),
        PolicyDocument(
            "uitvoeringsprogramma",
            "Uitvoeringsprogramma Opvang, Wonen en Herstel",
            "Gemeente Haarlem en de regiogemeenten",
            2017,
        ),
        PolicyDocument(
            "weer_thuis",
            "Weer thuis in de wijk",
            "Platform31",
            2018,
        ),
        PolicyDocument(
            "zicht_op_thuis",
            "Zicht op Thuis, beleidsplan 2021-2024",
            "De zes gemeenten in Maastricht-Heuvelland",
            2021,
        ),
        PolicyDocument(
            "raadsvoorstel_heemstede",
            "Raadsvoorstel regionaal kader Opvang, Wonen en Herstel",
            "Gemeente Heemstede",
            2021,
        ),
    ),
)


@dataclass(frozen=True)
class Citation:
    """A place in a policy document; ``section`` as a reader finds it there, in Dutch."""

    document: PolicyDocument
    section: str

    @property
    def text(self) -> str:
        """The citation as one line of Dutch text."""
        return f"{self.document.label} ({self.document.year}), {self.section}"


def cite(document: str, section: str) -> Citation:
    """A citation of the document with this key."""
    return Citation(POLICY_DOCUMENTS[document], section)
