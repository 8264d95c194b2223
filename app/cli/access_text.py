"""Answers of travel access for a reader at a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import click

from analysis.access.modes import BANDS_MIN, TravelMode
from analysis.access.profiles import STARTING_VALUES
from app.cli.access_records import Scored, plain
from app.numbers import to_dutch, to_dutch_date
from app.services.area_minutes import BASES, AreaMinutes
from app.services.lists import SourceLine
from app.services.street_store import NO_STREETS
from app.services.travel import CategoryAccess, SiteAccess
from data.queries.releases import Release

#: From here on minutes are whole; below, they have one decimal.
_WHOLE_FROM_MIN = 10.0
_NONE = "-"
#: Beside kilometres in the table of sites, where minutes could not be measured.
_KM = (
    "Waar km staat: volgens het CBS, over de weg met de auto, gemiddelde van de buurt ({year}), of "
    "van de wijk of gemeente als de buurt geen cijfer heeft."
)


def show_point(found: Scored) -> None:
    """What is near one point."""
    access = found.access
    names = dict.fromkeys((access.areas[0].name, access.areas[-1].name))
    click.echo(
        f"Punt {to_dutch(access.x_m)}, {to_dutch(access.y_m)} in {', '.join(names)}, "
        f"{_way(access.mode)}\n"
    )
    _table(
        ("", "minuten", "derde", *(f"tot {band} min" for band in BANDS_MIN), ""),
        [_row(entry) for entry in access.categories],
    )
    if access.homes_minutes is not None:
        click.echo(f"\nDe dichtstbijzijnde woningen: {_minutes(access.homes_minutes)} minuten.")
    for line in _remarks(access.categories):
        click.echo(line)
    if found.scores is not None:
        _show_score(found)
    _show_sources(access.sources)


def show_sites(
    mode: TravelMode,
    on: dt.date,
    sites: Sequence[tuple[SiteAccess, Scored]],
    sources: Sequence[SourceLine],
) -> None:
    """A line a site: the score for its type, and minutes to the nearest of each category."""
    if not sites:
        click.echo(f"Er zijn op {to_dutch_date(on)} geen openbare locaties van deze soort.")
        return
    click.echo(
        f"Minuten {mode.verb} naar het dichtstbijzijnde, op {to_dutch_date(on)}, "
        f"met {to_dutch(mode.speed_km_per_h, 1)} km per uur\n"
    )
    labels = [entry.category.label for entry in sites[0][0].access.categories]
    _table(
        ("locatie", "soort", "score", *labels),
        [
            (
                site.name,
                site.type.label,
                _NONE if found.score is None else to_dutch(found.score),
                *(_nearest(entry) for entry in site.access.categories),
            )
            for site, found in sites
        ],
        left=(0, 1),
    )
    told = dict.fromkeys(line for site, _ in sites for line in _site_remarks(site))
    click.echo()
    for line in told:
        click.echo(line)
    for site, found in sites:
        if found.reason is not None:
            click.echo(f"{site.name}: {found.reason}")
    click.echo(STARTING_VALUES)
    _show_sources(sources)


def show_areas(found: AreaMinutes) -> None:
    """A line an area."""
    question = found.question
    click.echo(found.headline)
    if found.nine_in_ten:
        click.echo(found.nine_in_ten)
    if found.population_basis:
        click.echo(BASES[found.population_basis])
    click.echo(f"Gerekend {_way(question.mode)}.")
    click.echo()
    rows = []
    for area in found.table.to_dict("records"):
        median, p90, cbs_km = (plain(area[name]) for name in ("median_min", "p90_min", "cbs_km"))
        remark = plain(area["reason"]) or plain(area["warning"]) or ""
        if cbs_km is not None:
            remark = f"{remark} Volgens het CBS {to_dutch(cbs_km, 1)} km over de weg.".strip()
        rows.append(
            (
                str(area["name"]),
                str(area["gemeente_name"]),
                to_dutch(plain(area["resident_count"])),
                _NONE if median is None else _minutes(median),
                _NONE if p90 is None else _minutes(p90),
                remark,
            )
        )
    header = (question.level, "gemeente", "inwoners", "helft (min)", "9 van 10 (min)", "")
    _table(header, rows, left=(0, 1, 5))
    _show_sources(found.sources)


def _way(mode: TravelMode) -> str:
    return f"{mode.label} ({to_dutch(mode.speed_km_per_h, 1)} km per uur)"


def _row(entry: CategoryAccess) -> tuple[str, ...]:
    counts = (to_dutch(entry.counts[band]) if entry.counts else _NONE for band in BANDS_MIN)
    name = entry.nearest.name if entry.nearest else None
    third = _NONE if entry.third is None else _minutes(entry.third.minutes)
    return (entry.category.label, _nearest(entry), third, *counts, name or "")


def _nearest(entry: CategoryAccess) -> str:
    if entry.nearest is not None:
        return _minutes(entry.nearest.minutes)
    return _NONE if entry.cbs_km is None else f"{to_dutch(entry.cbs_km, 1)} km"


def _minutes(minutes: float) -> str:
    return to_dutch(minutes, 1 if minutes < _WHOLE_FROM_MIN else 0)


def _remarks(entries: Sequence[CategoryAccess], name: str = "") -> Iterator[str]:
    """Why there are no minutes, each reason once, and what CBS says instead."""
    start = f"{name}: " if name else ""
    yield from dict.fromkeys(f"{start}{entry.reason}" for entry in entries if entry.reason)
    for entry in entries:
        if entry.cbs_km is not None:
            yield (
                f"{start}{entry.category.label}: volgens het CBS {to_dutch(entry.cbs_km, 1)} km "
                f"over de weg met de auto, gemiddelde van {entry.cbs_words}."
            )
    without: dict[str, list[str]] = {}
    for entry in entries:
        if entry.cbs_reason is not None:
            without.setdefault(entry.cbs_reason, []).append(entry.category.label.lower())
    for reason, labels in without.items():
        yield f"{start}{', '.join(labels).capitalize()}: {reason[0].lower()}{reason[1:]}"


def _site_remarks(site: SiteAccess) -> Iterator[str]:
    """The remarks of one site; without streets they are those of all sites."""
    access = site.access
    if access.has_streets:
        yield from _remarks(access.categories, site.name)
        return
    yield NO_STREETS
    for entry in access.categories:
        if entry.cbs_km is not None:
            yield _KM.format(year=entry.cbs_year)


def _show_score(found: Scored) -> None:
    scores = found.scores
    assert scores is not None
    profile = scores.profile
    told = str(found.reason) if found.score is None else f"{to_dutch(found.score)} van de 100"
    click.echo(f"\nScore voor {profile.label}, {_way(profile.mode)}: {told}\n")
    rows = [
        (
            part["label"],
            part["direction"],
            _NONE if part["minutes"] is None else _minutes(part["minutes"]),
            to_dutch(part["good_min"], 1),
            to_dutch(part["bad_min"], 1),
            _NONE if part["value"] is None else to_dutch(part["value"], 2),
            to_dutch(part["weight"], 2),
            _NONE if part["part"] is None else to_dutch(part["part"], 1),
            part["reason"] or ("volgens het CBS" if part["basis"] == "cbs" else ""),
        )
        for part in found.parts
    ]
    header = ("", "", "minuten", "goed", "slecht", "waarde", "gewicht", "punten", "")
    _table(header, rows, left=(0, 1, 8))
    click.echo(STARTING_VALUES)


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] | None = None
) -> None:
    """Columns of text, numbers to the right; the first and last to the left unless said."""
    to_left = set(left) if left is not None else {0, len(header) - 1}
    lines = [header, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(header))]
    for line in lines:
        cells = (
            text.ljust(width) if at in to_left else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        click.echo("  ".join(cells).rstrip())


def _show_sources(sources: Sequence[SourceLine]) -> None:
    click.echo()
    if any(line.release.is_example for line in sources):
        click.echo("Voorbeeldgegevens.")
    by_release: dict[Release, list[str]] = {}
    for line in sources:
        by_release.setdefault(line.release, []).append(line.label)
    for release, labels in by_release.items():
        roles = ", ".join([labels[0], *(label.lower() for label in labels[1:])])
        click.echo(f"{roles}: {release.attribution}, {release.title} {release.version}.")
