"""What comes out: the chosen sites with every figure, what clashes, and what else was possible.

Everything here can be written as JSON (``to_record``) and read again (``from_record``). Unknown is
None. Texts are Dutch, figures are in the unit of their stage (``analysis.siting.stages.STAGES``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from analysis.siting.demands import Demand

#: How sure a figure is: proven the best that can be, or only the best found when the time was up
#: or the user stopped it (the gap says how much better it could still be).
Ended = Literal["bewezen", "tijd_om", "gestopt"]


@dataclass(frozen=True)
class StageOutcome:
    """One stage as solved: its value, the bound that no choice can beat, and the gap between.

    ``gap`` is |value - bound| as a part of the larger of both (0 to 1; 0 when proven). Later
    stages keep ``value`` or better. ``seconds`` is how long the solver took. When the user
    stopped before anything was found for this stage, ``value`` is that of the plan so far and
    ``bound`` is None.
    """

    stage: str
    value: float
    bound: float | None
    gap: float | None
    ended: Ended
    seconds: float
    solver: str

    @property
    def is_proven(self) -> bool:
        """Whether no choice does better on this stage, given the stages before it."""
        return self.ended == "bewezen"


@dataclass(frozen=True)
class Progress:
    """How far the solving is: told now and then while it runs.

    ``stage`` is a key of ``STAGES``, or "uitleg" while the prices of candidates are asked;
    ``step`` of ``step_count`` says how many stages and explanations are done.
    """

    stage: str
    step: int
    step_count: int
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float

    def to_record(self) -> dict[str, Any]:
        """To be written as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class GemeenteOutcome:
    """A gemeente before and after: places of all counted types, and its fair share of them.

    Shares and differences are None where ``reason`` (Dutch) says why they can't be computed.
    """

    gemeente_code: str
    name: str
    weight: float | None
    existing_place_count: int | None
    chosen_place_count: int
    chosen_site_count: int
    place_count: int | None
    fair_share_before: float | None
    fair_share_after: float | None
    difference_before: float | None
    difference_after: float | None
    reason: str | None


@dataclass(frozen=True)
class CandidateOutcome:
    """A candidate: chosen or not, and ``reason`` (Dutch) when it could not be chosen at all."""

    key: str
    name: str
    type: str
    gemeente_code: str
    place_count: int | None
    access: float | None
    cost_eur: float | None
    is_chosen: bool
    is_forced: bool
    reason: str | None


@dataclass(frozen=True)
class Conflict:
    """Two sites nearer than the wished distance; the second is there already, or chosen too."""

    first: str
    second: str
    first_name: str
    second_name: str
    distance_m: float
    is_with_existing: bool


@dataclass(frozen=True)
class ExposureOutcome:
    """The places near homes, within ``radius_m`` metres on foot, before and after the choice.

    ``highest_of_changed`` is the most that anybody gets who has a chosen site near (0 when
    nobody has); ``highest_before`` and ``highest_after`` are over all points handed in. ``point``
    is where the highest of the changed is. ``is_at_least``: near that point a site stands whose
    places nobody knows.
    """

    radius_m: float
    highest_before: int
    highest_after: int
    highest_of_changed: int
    changed_point_count: int
    point: str | None
    is_at_least: bool


@dataclass(frozen=True)
class SitingPlan:
    """A choice of sites with its figures, recomputed from the choice and not from the solver.

    ``is_whole`` is False when the solving was stopped or ran out of time in one of the stages:
    the choice then keeps to all demands, and may not be the best. Money is None when the cost
    of a chosen site is unknown; ``cost_unknown_count`` says of how many.
    """

    chosen: tuple[str, ...]
    stages: tuple[StageOutcome, ...]
    is_whole: bool
    place_count: int
    site_count: int
    place_count_by_type: dict[str, int]
    gemeenten: tuple[GemeenteOutcome, ...]
    largest_difference_before: float | None
    largest_difference_after: float | None
    hoover_before: float | None
    hoover_after: float | None
    conflicts: tuple[Conflict, ...]
    exposure: ExposureOutcome | None
    access_total: float | None
    access_mean: float | None
    cost_eur: float | None
    cost_unknown_count: int
    candidates: tuple[CandidateOutcome, ...]

    def to_record(self) -> dict[str, Any]:
        """To be written as JSON."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SitingPlan:
        """The plan that ``to_record`` wrote."""
        exposure = record["exposure"]
        nested = {
            "chosen": tuple(record["chosen"]),
            "stages": tuple(StageOutcome(**row) for row in record["stages"]),
            "gemeenten": tuple(GemeenteOutcome(**row) for row in record["gemeenten"]),
            "conflicts": tuple(Conflict(**row) for row in record["conflicts"]),
            "exposure": None if exposure is None else ExposureOutcome(**exposure),
            "candidates": tuple(CandidateOutcome(**row) for row in record["candidates"]),
        }
        return cls(**{**record, **nested})


@dataclass(frozen=True)
class StagePrice:
    """What a stage becomes when a candidate is forced in, and how much worse that is (from 0).

    The stages before it are kept as good as they can be with the candidate in. Once a stage is
    worse, the later ones may come out better: ``worse_by`` is then below 0. ``gap`` as in
    ``StageOutcome``; None with ``ended`` other than "bewezen" when no bound is known.
    """

    stage: str
    value: float
    worse_by: float
    gap: float | None
    ended: Ended


@dataclass(frozen=True)
class CandidatePrice:
    """What it would cost to force in a candidate that was left out.

    ``why_not`` (Dutch) when it can't be: by a fact, or as the start of a sentence that ends with
    the demands it clashes with, in ``clash``. ``stages`` is empty then, and when the time was up
    before it was asked (``is_asked`` False).
    """

    key: str
    name: str
    is_asked: bool
    stages: tuple[StagePrice, ...] = ()
    why_not: str | None = None
    clash: tuple[Demand, ...] = ()
    seconds: float = 0.0

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> CandidatePrice:
        """The price that was written as JSON."""
        return cls(
            **{
                **record,
                "stages": tuple(StagePrice(**row) for row in record["stages"]),
                "clash": tuple(Demand(**row) for row in record["clash"]),
            }
        )


@dataclass(frozen=True)
class Clash:
    """Demands that can't be met together; without any one of them the others can.

    ``is_smallest`` when it is proven that no set of fewer demands clashes; otherwise it is only
    sure that none of these can be left out (``is_irreducible``), or not even that, because the
    time was up.
    """

    demands: tuple[Demand, ...]
    is_irreducible: bool
    is_smallest: bool
    seconds: float

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Clash:
        """The clash that was written as JSON."""
        return cls(**{**record, "demands": tuple(Demand(**row) for row in record["demands"])})


@dataclass(frozen=True)
class FrontPoint:
    """One choice on the front of two stages: no choice is better on one and as good on the other.

    ``is_proven`` when that is proven; otherwise ``gaps`` says how far each could still be.
    """

    chosen: tuple[str, ...]
    values: tuple[float, float]
    gaps: tuple[float | None, float | None]
    is_proven: bool

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> FrontPoint:
        """The point that was written as JSON."""
        return cls(
            tuple(record["chosen"]),
            (record["values"][0], record["values"][1]),
            (record["gaps"][0], record["gaps"][1]),
            record["is_proven"],
        )


@dataclass(frozen=True)
class Front:
    """The choices on the front of two stages; ``is_complete`` when there are no others."""

    stages: tuple[str, str]
    points: tuple[FrontPoint, ...]
    is_complete: bool
    seconds: float

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Front:
        """The front that was written as JSON."""
        return cls(
            (record["stages"][0], record["stages"][1]),
            tuple(FrontPoint.from_record(row) for row in record["points"]),
            record["is_complete"],
            record["seconds"],
        )


@dataclass(frozen=True)
class SitingAnswer:
    """What a question of choosing sites gives: a plan, or the demands that clash.

    Both are None only when it was stopped, or out of time, before anything was found.
    ``was_stopped`` when the user stopped it: what is there is the best so far.
    """

    plan: SitingPlan | None
    clash: Clash | None
    prices: tuple[CandidatePrice, ...] = ()
    front: Front | None = None
    was_stopped: bool = False
    seconds: float = 0.0

    def to_record(self) -> dict[str, Any]:
        """To be written as JSON."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> SitingAnswer:
        """The answer that ``to_record`` wrote."""
        plan, clash, front = record["plan"], record["clash"], record["front"]
        return cls(
            plan=None if plan is None else SitingPlan.from_record(plan),
            clash=None if clash is None else Clash.from_record(clash),
            prices=tuple(CandidatePrice.from_record(row) for row in record["prices"]),
            front=None if front is None else Front.from_record(front),
            was_stopped=record["was_stopped"],
            seconds=record["seconds"],
        )
