"""Everything that our registries tell residents is within the limits for B1."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from analysis.dialogue.agreements import AGREEMENT_KINDS
from analysis.dialogue.contributions import (
    CONTRIBUTION_KINDS,
    CONTRIBUTION_STATUSES,
    ENTRY_WAYS,
    MODERATION_STATES,
)
from analysis.dialogue.house_rules import HOUSE_RULES
from analysis.dialogue.participation import PARTICIPATION_LEVELS, TRACK_STATES
from analysis.dialogue.readability import is_too_long, measure_readability, over_limits
from analysis.dialogue.track_templates import TRACK_TEMPLATES
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES
from data.processings import PROCESSINGS
from data.publication import PUBLICATION_LEVELS
from data.retention import RETENTIONS

REGISTRIES: dict[str, Iterable[Any]] = {
    "kinds of contribution": CONTRIBUTION_KINDS,
    "statuses of a contribution": CONTRIBUTION_STATUSES,
    "ways of entry": ENTRY_WAYS,
    "states of moderation": MODERATION_STATES,
    "house rules": HOUSE_RULES,
    "kinds of agreement": AGREEMENT_KINDS,
    "levels of participation": PARTICIPATION_LEVELS,
    "states of a track": TRACK_STATES,
    "stages of a site": SITE_STATUSES,
    "levels of publication": PUBLICATION_LEVELS,
    "processings of personal data": PROCESSINGS,
    "terms of personal data": RETENTIONS,
    **{f"type {entry.key}": [entry] for entry in FACILITY_TYPES},
    **{f"template {entry.key}": [entry] for entry in TRACK_TEMPLATES},
}


def texts_of(entry: Any) -> Iterator[str]:
    """The sentences of an entry and of what hangs under it; keys, labels and sources are none."""
    if isinstance(entry, str):
        yield from [entry] if entry.endswith((".", "!", "?")) else []
    elif isinstance(entry, tuple | list):
        for one in entry:
            yield from texts_of(one)
    elif dataclasses.is_dataclass(entry):
        for field in dataclasses.fields(entry):
            if field.name not in ("key", "sources", "aliases"):
                yield from texts_of(getattr(entry, field.name))


@pytest.mark.parametrize("name", REGISTRIES)
def test_what_a_registry_tells_residents_is_within_the_limits(name: str) -> None:
    found = measure_readability([text for entry in REGISTRIES[name] for text in texts_of(entry)])
    assert found is not None or name == "ways of entry"
    if found is not None:
        too_long = [one.text for one in found.sentences if is_too_long(one)]
        assert not over_limits(found), [*over_limits(found), *too_long]
