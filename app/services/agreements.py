"""Agreements with a wijk and measurements of support, in words: for everyone, and for who works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from analysis.dialogue.agreements import (
    AGREEMENT_KINDS,
    AgreementDays,
    AgreementKind,
    AgreementState,
)
from analysis.dialogue.support import (
    TOO_FEW,
    MeasuringYear,
    SupportChange,
    SupportCounts,
    SupportShare,
    measuring_years,
    support_change,
    support_share,
)
from app.charts.chart import Chart
from app.charts.support import support_chart
from app.numbers import to_dutch, to_dutch_date
from data.queries.agreements import (
    AgreementRecord,
    MeasurementRecord,
    public_agreements,
    public_measurements,
)


@dataclass(frozen=True)
class AgreementLine:
    """An agreement with its kind, and how far it is today."""

    record: AgreementRecord
    kind: AgreementKind
    state: AgreementState
    evaluation_is_due: bool
    evaluation_is_soon: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody said yet that it is done."""
        return self.record.done_on is None


@dataclass(frozen=True)
class MeasurementLine:
    """A measurement with its share; ``change`` since ``before``, when the question was the same."""

    record: MeasurementRecord
    counts: SupportCounts
    share: SupportShare | None
    change: SupportChange | None
    before: MeasurementRecord | None

    @property
    def share_text(self) -> str:
        """The share that is positive, or why there is none."""
        return TOO_FEW if self.share is None else percent(self.share.share)

    @property
    def interval_text(self) -> str:
        """Between which shares it lies; "" without a share."""
        if self.share is None:
            return ""
        return f"{percent(self.share.low)} tot {percent(self.share.high)}"

    @property
    def response_text(self) -> str | None:
        """How many of those asked answered; None when that is not known."""
        share = self.counts.response_share
        if share is None or self.record.invited_count is None:
            return None
        return (
            f"{to_dutch(self.counts.answer_count)} van de {to_dutch(self.record.invited_count)} "
            f"({percent(share)})"
        )

    @property
    def change_text(self) -> str | None:
        """What is different since the measurement before, in a sentence; None without one."""
        if self.change is None or self.before is None:
            return None
        before = to_dutch_date(self.before.measured_on)
        if self.change.verdict in ("hoger", "lager"):
            return f"Dat is {self.change.verdict} dan op {before}."
        return f"Er is {self.change.verdict} met {before}."

    @property
    def sentence(self) -> str:
        """What was found, in a sentence or two."""
        day, count = to_dutch_date(self.record.measured_on), self.counts.answer_count
        if self.share is None:
            return f"Op {day} waren er {TOO_FEW}. Daarom noemen wij geen deel."
        told = f"Op {day} was {self.share_text} positief, van {to_dutch(count)} antwoorden."
        return f"{told} {self.change_text}" if self.change_text else told


@dataclass(frozen=True)
class SiteYears:
    """The years in which support of a site is to be measured; none when no opening is known."""

    site_id: int
    name: str | None
    opens_on: dt.date | None
    years: tuple[MeasuringYear, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Which years have none, in words."""
        return tuple(year_words(year) for year in self.years if year.state == "ontbreekt")

    @property
    def due(self) -> tuple[str, ...]:
        """Which year that goes on has none yet, in words."""
        return tuple(year_words(year) for year in self.years if year.state == "nu")


@dataclass(frozen=True)
class AgreementsView:
    """All that was agreed and measured; ``years`` by site."""

    lines: tuple[AgreementLine, ...]
    measurements: tuple[MeasurementLine, ...]
    years: tuple[SiteYears, ...]
    chart: Chart | None

    @property
    def by_kind(self) -> tuple[tuple[AgreementKind, tuple[AgreementLine, ...]], ...]:
        """The agreements by kind in the order of the registry, the open ones first."""
        groups = (
            (kind, sorted((one for one in self.lines if one.kind == kind), key=_done_last))
            for kind in AGREEMENT_KINDS
        )
        return tuple((kind, tuple(found)) for kind, found in groups if found)

    @property
    def to_evaluate(self) -> tuple[AgreementLine, ...]:
        """Those whose day to look at together has passed."""
        return tuple(one for one in self.lines if one.evaluation_is_due)

    @property
    def latest(self) -> MeasurementLine | None:
        """The last measurement."""
        return self.measurements[-1] if self.measurements else None

    @property
    def sentence(self) -> str:
        """How many there are and how many are done, in a sentence."""
        count, done = len(self.lines), sum(not one.is_open for one in self.lines)
        if not count:
            return "Er zijn nog geen afspraken met de buurt."
        told = "Er is 1 afspraak" if count == 1 else f"Er zijn {to_dutch(count)} afspraken"
        if not done:
            return f"{told} met de buurt."
        how = "Die is klaar" if count == 1 else "Alles is klaar" if done == count else None
        how = how or ("1 is klaar" if done == 1 else f"{to_dutch(done)} zijn klaar")
        return f"{told} met de buurt. {how}."

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.lines and not self.measurements


def public_view(
    connection: Connection,
    today: dt.date,
    *,
    track_id: int | None = None,
    site_id: int | None = None,
) -> AgreementsView:
    """What everyone may read of a track, or about a site."""
    agreed = public_agreements(connection, track_id=track_id, site_id=site_id)
    measured = public_measurements(connection, track_id=track_id, site_id=site_id)
    return make_view(agreed, measured, {}, {}, today)


def make_view(
    agreed: Iterable[AgreementRecord],
    measured: Sequence[MeasurementRecord],
    names: Mapping[int, str],
    opens: Mapping[int, dt.date],
    today: dt.date,
) -> AgreementsView:
    """The view of what was read."""
    lines = tuple(_agreement_line(one, today) for one in agreed)
    measurements = tuple(_measurement_line(one, measured) for one in measured)
    years = tuple(
        _site_years(site_id, name, opens.get(site_id), measured, today)
        for site_id, name in names.items()
    )
    return AgreementsView(lines, measurements, years, support_chart(_chart_rows(measurements)))


def percent(share: float) -> str:
    """A share in whole percents."""
    return f"{to_dutch(100 * share)}%"


def year_words(year: MeasuringYear) -> str:
    """Which year it is: "voor de opening (tot en met ...)" or "jaar 2 (... tot en met ...)"."""
    until = to_dutch_date(year.ends_on)
    if year.begins_on is None:
        return f"voor de opening (tot en met {until})"
    return f"jaar {year.number} ({to_dutch_date(year.begins_on)} tot en met {until})"


def counts_of(record: MeasurementRecord) -> SupportCounts:
    """The counts of a record, as the measures take them."""
    return SupportCounts(
        record.measured_on,
        record.positive_count,
        record.neutral_count,
        record.negative_count,
        record.invited_count,
    )


def _agreement_line(record: AgreementRecord, today: dt.date) -> AgreementLine:
    days = AgreementDays(
        record.agreed_on, record.from_on, record.until_on, record.evaluate_on, record.done_on
    )
    return AgreementLine(
        record,
        AGREEMENT_KINDS[record.kind],
        days.state(today),
        days.evaluation_is_due(today),
        days.evaluation_is_soon(today),
    )


def _measurement_line(
    record: MeasurementRecord, measured: Sequence[MeasurementRecord]
) -> MeasurementLine:
    counts, before = counts_of(record), _before(record, measured)
    change = None if before is None else support_change(counts_of(before), counts)
    return MeasurementLine(record, counts, support_share(counts), change, before)


def _before(
    record: MeasurementRecord, measured: Sequence[MeasurementRecord]
) -> MeasurementRecord | None:
    """The last earlier one that asked the same about the same."""
    same = [
        one
        for one in measured
        if one.site_id == record.site_id
        and one.track_id == record.track_id
        and one.question.casefold().strip() == record.question.casefold().strip()
        and one.measured_on < record.measured_on
    ]
    return max(same, key=lambda one: (one.measured_on, one.id), default=None)


def _site_years(
    site_id: int,
    name: str | None,
    opens_on: dt.date | None,
    measured: Sequence[MeasurementRecord],
    today: dt.date,
) -> SiteYears:
    days = [one.measured_on for one in measured if one.site_id in (site_id, None)]
    years = () if opens_on is None else measuring_years(opens_on, days, today)
    return SiteYears(site_id, name, opens_on, years)


def _chart_rows(
    measurements: Iterable[MeasurementLine],
) -> list[tuple[str, SupportShare]]:
    return [
        (to_dutch_date(one.record.measured_on), one.share)
        for one in measurements
        if one.share is not None
    ]


def _done_last(one: AgreementLine) -> tuple[bool, dt.date, int]:
    return (not one.is_open, one.record.agreed_on, one.record.id)
