"""``vlekkenplan import contributions``: what people wrote in another system, into a conversation.

Exit code 0 when all is well, 1 when the file is refused; nothing is stored then.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.cli.database import open_database
from app.cli.import_report import show_faults, write_faults
from app.cli.progress import tell
from app.config import settings_from_environment
from data.faults import Refused

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("contributions")
@click.argument("path", metavar="BESTAND", type=_FILE)
@click.option("--track", "track_code", required=True, help="De code van het gesprek.")
@click.option("--phase", "phase_name", help="De fase, met naam of nummer. Anders die van nu.")
@click.option("--kind", default="idee", show_default=True, help="De soort: idee, zorg, kans ...")
@click.option("--sheet", help="Het blad (XLSX).")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen.")
@click.option(
    "--faults", "faults_file", type=_FILE, help="Bewaar de fouten ook in dit CSV-bestand."
)
def contributions_command(
    path: Path,
    track_code: str,
    phase_name: str | None,
    kind: str,
    sheet: str | None,
    dry_run: bool,
    faults_file: Path | None,
) -> None:
    """Reacties uit OpenStad of een ander systeem (CSV, XLSX of JSON).

    Namen en e-mailadressen lezen wij nooit. Elke reactie wacht daarna op een moderator.
    """
    from analysis.dialogue.contributions import CONTRIBUTION_KINDS
    from app.services.contribution_import import TITLE, ContributionImport, import_contributions
    from data.sources.reading import Choices

    wanted = ContributionImport(CONTRIBUTION_KINDS.find(kind).key, None, Choices(sheet))
    settings = settings_from_environment(os.environ)
    try:
        with open_database(settings, role=None) as engine:
            outcome = import_contributions(
                engine,
                path,
                track_code,
                wanted,
                phase_name=phase_name,
                dry_run=dry_run,
                progress=tell,
            )
    except Refused as refused:
        show_faults(refused.faults)
        if faults_file is not None:
            write_faults(refused.faults, faults_file)
            click.echo(f"De fouten staan ook in {faults_file}.", err=True)
        raise SystemExit(1) from refused
    click.echo(TITLE)
    for fact in outcome.facts:
        click.echo(f"  {fact}")
    for note in outcome.notes:
        click.echo(f"Let op: {note}")
    if not outcome.new_count:
        click.echo("Niets gewijzigd.")
    else:
        click.echo("Dit was een proef; er is niets opgeslagen." if dry_run else "Opgeslagen.")
