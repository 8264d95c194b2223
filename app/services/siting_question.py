"""What someone asks of a choice of several sites; kept as JSON until it is computed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from analysis.comparing.criteria import NEAR_HOME_M
from analysis.facility_types import FACILITY_TYPES, FacilityType
from analysis.siting.demands import LeastInGemeente, MostInGemeente, Separation, Target
from analysis.siting.stages import STAGES, USUAL_ORDER

#: From which sites is chosen.
ALL, OF_CHOICE, TICKED = "alle", "keuze", "aangevinkt"
TIME_LIMITS_S = (10, 30, 60, 120, 300)
USUAL_TIME_S = 60
USUAL_PLANS = "besloten"


@dataclass(frozen=True)
class SitingQuestion:
    """Targets, the candidates, what is fair, what must hold, and what is weighed first.

    ``source`` says from which sites is chosen: all in preparation within reach, those of the
    choice ``choice_id``, or ``site_ids``. What is forced in or out belongs to the candidates as
    well. ``order`` are keys of the stages; one that needs a wish that is not there is left out.
    ``shows_front`` asks for all choices between the first two of them.
    """

    on: dt.date
    targets: tuple[Target, ...]
    source: str = ALL
    choice_id: int | None = None
    site_ids: tuple[int, ...] = ()
    forced_in: tuple[int, ...] = ()
    forced_out: tuple[int, ...] = ()
    base: str = "inwoners"
    plan_scope: str = USUAL_PLANS
    counts_all_types: bool = False
    least_in_gemeente: tuple[LeastInGemeente, ...] = ()
    most_in_gemeente: tuple[MostInGemeente, ...] = ()
    most_place_count_per_site: int | None = None
    budget_eur: int | None = None
    separation: Separation | None = None
    radius_m: float = NEAR_HOME_M
    order: tuple[str, ...] = USUAL_ORDER
    shows_front: bool = False
    time_limit_s: int = USUAL_TIME_S

    @property
    def types(self) -> tuple[FacilityType, ...]:
        """The types of which places are asked."""
        return tuple(FACILITY_TYPES[target.type] for target in self.targets)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages in their order, without what there is no wish for."""
        return tuple(
            key
            for key in self.order
            if key in STAGES and (key != "tussenafstand" or self.separation)
        )

    def to_record(self) -> dict[str, Any]:
        """To be written as JSON."""
        return {**asdict(self), "on": self.on.isoformat()}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SitingQuestion:
        """The question that ``to_record`` wrote."""
        separation = record["separation"]
        nested = {
            "on": dt.date.fromisoformat(record["on"]),
            "targets": tuple(Target(**entry) for entry in record["targets"]),
            "least_in_gemeente": tuple(
                LeastInGemeente(**entry) for entry in record["least_in_gemeente"]
            ),
            "most_in_gemeente": tuple(
                MostInGemeente(**entry) for entry in record["most_in_gemeente"]
            ),
            "separation": None if separation is None else Separation(**separation),
        }
        lists = ("site_ids", "forced_in", "forced_out", "order")
        return cls(**{**record, **{name: tuple(record[name]) for name in lists}, **nested})
