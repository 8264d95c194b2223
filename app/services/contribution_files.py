"""What everyone may read of the contributions, as files: CSV and GeoJSON, and the nota as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection

from app.numbers import to_dutch_date
from app.services import current
from app.services.downloads import Download
from app.services.lists import Column
from app.services.nota import Nota, NotaLine
from data.queries.contributions import public_contributions
from data.queries.tracks import TrackRecord, public_track, track_phases
from geo.crs import RD

COLUMNS: tuple[Column, ...] = (
    Column("code", "Code", "text", explanation="Zo staat de reactie op deze site."),
    Column("datum", "Binnen op", "date"),
    Column("fase", "Fase", "text"),
    Column("soort", "Soort", "text"),
    Column("vragen", "Gekozen antwoorden", "text"),
    Column("tekst", "Tekst", "text", explanation="Zoals iedereen haar kan lezen."),
    Column("ingekort", "Ingekort", "text", explanation="Of er iets persoonlijks uit is gehaald."),
    Column("binnen_via", "Binnen via", "text"),
    Column("thema", "Thema", "text"),
    Column("status", "Status", "text"),
    Column("antwoord", "Antwoord", "text", explanation="Een eigen antwoord, of dat van het thema."),
    Column("x_rd", "x (RD)", "number", 0, "m", "Het midden, als het een gebied is."),
    Column("y_rd", "y (RD)", "number", 0, "m", "Het midden, als het een gebied is."),
)


def contributions_download(connection: Connection, code: str) -> Download:
    """All public contributions of a conversation. Raises NotFound."""
    track = public_track(connection, code)
    phases = {phase.id: phase.name for phase in track_phases(connection, track.id)}
    records = sorted(
        public_contributions(connection, track.id), key=lambda one: (one.made_at, one.code)
    )
    lines = [NotaLine(record) for record in records]
    return _download(f"reacties-{track.code}", f"Reacties: {track.title}", track, lines, phases)


def on_the_map(download: Download) -> Download:
    """The same, with only what points at a place."""
    assert download.geometry is not None
    there = download.geometry.notna()
    left_out = int((~there).sum())
    rows = download.rows[there].copy()
    rows["datum"] = [on.isoformat() for on in rows["datum"]]  # JSON knows no dates
    columns = (
        replace(column, kind="text") if column.kind == "date" else column
        for column in download.columns
    )
    return Download(
        download.name,
        download.title,
        tuple(columns),
        rows,
        download.sources,
        (*download.facts, ("Zonder plek", f"{left_out} reacties staan niet in dit bestand")),
        download.geometry[there],
    )


def nota_download(nota: Nota) -> Download:
    """The contributions of a nota with their answers."""
    phases = {nota.phase.id: nota.phase.name}
    name = f"nota-{nota.track.code}-{nota.phase.position}"
    made = _download(name, nota.title, nota.track, nota.lines, phases)
    facts = [
        *made.facts,
        ("Fase", nota.phase.name),
        ("Wat er veranderde", nota.phase.outcome or ""),
    ]
    return Download(
        made.name, made.title, made.columns, made.rows, made.sources, tuple(facts), made.geometry
    )


def _download(
    name: str,
    title: str,
    track: TrackRecord,
    lines: Iterable[NotaLine],
    phases: dict[int, str],
) -> Download:
    found = list(lines)
    keys = [column.key for column in COLUMNS]
    rows = pd.DataFrame([_row(line, phases) for line in found], columns=keys)
    geometry = gpd.GeoSeries([line.record.geom for line in found], index=rows.index, crs=RD)
    facts = (
        ("Gesprek", track.title),
        ("Opgehaald op", to_dutch_date(current.today())),
        ("Wat erin staat", "Alleen reacties die iedereen kan lezen. Zonder namen en adressen."),
    )
    return Download(name, title, COLUMNS, rows, (), facts, geometry)


def _row(line: NotaLine, phases: dict[int, str]) -> dict[str, Any]:
    record = line.record
    centre = None if record.geom is None else record.geom.representative_point()
    return {
        "code": record.code,
        "datum": line.came_on,
        "fase": phases.get(record.phase_id or 0),
        "soort": line.kind.label,
        "vragen": "; ".join(f"{question} {told}" for question, told in line.told) or None,
        "tekst": record.body,
        "ingekort": "ja" if record.is_shortened else "nee",
        "binnen_via": line.entry.label,
        "thema": record.theme_name,
        "status": line.answered.status.label,
        "antwoord": line.answered.answer,
        "x_rd": None if centre is None else centre.x,
        "y_rd": None if centre is None else centre.y,
    }
