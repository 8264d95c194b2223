"""What in a text asks for the eye of a moderator, before anybody reads it.

A finding says where something stands and what it may be; it never repeats the text and never
judges. A person decides: what is found may be harmless, and what is harmful may not be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.dialogue.insults import insults
from analysis.dialogue.personal_data import Spot, links, personal_data
from analysis.dialogue.repetition import repetitions
from analysis.dialogue.street_addresses import street_addresses
from analysis.registry import Registry


@dataclass(frozen=True)
class FindingKind:
    """A kind of finding, and the house rule that it may touch."""

    key: str
    label: str
    rule_key: str


FINDING_KINDS = Registry(
    "kind of finding",
    (
        FindingKind("geheim", "Plek die geheim moet blijven", "geheime_plek"),
        FindingKind("persoonsgegevens", "Gegevens van een persoon", "persoonsgegevens"),
        FindingKind("adres", "Adres", "persoonsgegevens"),
        FindingKind("belediging", "Belediging of bedreiging", "respect"),
        FindingKind("herhaling", "Herhaling", "reclame"),
    ),
)


@dataclass(frozen=True)
class Finding:
    """Something found from ``start`` up to ``end``; ``kind`` is a key, ``label`` what it may be."""

    kind: str
    label: str
    start: int
    end: int


_SECRET = re.compile(
    r"vrouwen[\W_]{0,3}opvang\w{0,20}|\bopvang(?:huis)? voor (?:\w{1,20} )?vrouwen\b"
    r"|\bblijf[\W_]{0,3}(?:van[\W_]{0,3}(?:mijn|m[’']n)[\W_]{0,3}lijf\w{0,10}|huis|groep\w{0,5})"
    r"|\bschuiladres\w{0,3}\b|\bvluchthuis\b|\bsafe[ -]?house\b"
    r"|\bgeheime? (?:adres|plek|locatie|opvang)\b",
    re.IGNORECASE,
)
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s"})


def _secret_places(text: str) -> Iterator[Spot]:
    for match in _SECRET.finditer(text.translate(_LOOKALIKES)):
        yield "Plek die geheim moet blijven", match.start(), match.end()


#: In this order: what one has found is not found again by the next.
_SEARCHES: tuple[tuple[str, Callable[[str], Iterator[Spot]]], ...] = (
    ("geheim", _secret_places),
    ("adres", street_addresses),
    ("persoonsgegevens", personal_data),
    ("persoonsgegevens", links),
    ("belediging", insults),
)


def find(text: str) -> tuple[Finding, ...]:
    """All that asks attention, in the order of the text; repetition may lie over other findings."""
    taken = bytearray(len(text))
    found = [Finding("herhaling", *spot) for spot in repetitions(text)]
    for kind, search in _SEARCHES:
        for label, start, end in search(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(kind, label, start, end))
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end, finding.kind)))
