"""The commands: ``vlekkenplan <command>``.

A new command is a function ``<name>_command`` in a module here and one line in ``COMMANDS``.
A module is imported only when its command is typed, so that ``vlekkenplan --help`` is quick.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module

import click

from analysis.errors import AnalysisError, UnknownEntryError
from app.compiled_code import keep_compiled_code
from app.config import SettingsError, home_folder
from app.words import unknown_word
from data.errors import DataError
from geo.errors import GeoError

#: Errors that are an answer to the user; everything else is a fault of ours.
ANSWERS = (SettingsError, AnalysisError, DataError, GeoError)


@dataclass(frozen=True)
class CommandLine:
    """One command: what is typed, the module that has ``<name>_command``, what it does.

    ``permission`` is a key of ``app.auth.permissions``: it tells whose work this is, and as which
    role the command reaches the database.
    """

    name: str
    module: str
    summary: str
    permission: str = "lezen"


COMMANDS: tuple[CommandLine, ...] = (
    CommandLine("demo", "app.cli.server", "Start alles met voorbeeldgegevens.", "server_beheren"),
    CommandLine(
        "serve", "app.cli.server", "Start de website met de eigen gegevens.", "server_beheren"
    ),
    CommandLine(
        "db", "app.cli.server", "Start, stop, controleer of vernieuw de database.", "server_beheren"
    ),
    CommandLine(
        "account",
        "app.cli.accounts",
        "Maak de eerste beheerder, of een link voor een wachtwoord.",
        "server_beheren",
    ),
    CommandLine(
        "import",
        "app.cli.imports",
        "Lees cijfers, locaties of voorzieningen in.",
        "gegevens_inlezen",
    ),
    CommandLine("spreading", "app.cli.spreading", "Laat zien hoe de plekken zijn verdeeld."),
    CommandLine(
        "spreading-series",
        "app.cli.spreading_series",
        "Laat zien hoe de verdeling door de jaren ging.",
    ),
    CommandLine("exposure", "app.cli.exposure", "Laat zien hoeveel plekken dicht bij huis zijn."),
    CommandLine(
        "compare",
        "app.cli.compare",
        "Zet kandidaten naast elkaar.",
        "kandidaten_vergelijken",
    ),
    CommandLine(
        "siting",
        "app.cli.siting",
        "Kies meer plekken tegelijk.",
        "spreiding_kiezen",
    ),
    CommandLine("access", "app.cli.access", "Laat zien hoe ver het dagelijks leven is."),
    CommandLine(
        "search-areas", "app.cli.search_areas", "Bewaar waar een soort plek zou kunnen komen."
    ),
    CommandLine("isochrone", "app.cli.isochrone", "Bewaar het gebied dat te bereiken is."),
    CommandLine(
        "post", "app.cli.post", "Verstuur e-mail die klaarstaat en ruim op.", "server_beheren"
    ),
    CommandLine("backup", "app.cli.backup", "Bewaar een kopie van de database.", "server_beheren"),
    CommandLine(
        "restore", "app.cli.backup", "Zet een kopie van de database terug.", "server_beheren"
    ),
    CommandLine("export", "app.cli.export", "Bewaar de kaart als bestand."),
    CommandLine(
        "privacy-register",
        "app.cli.privacy_register",
        "Laat zien welke persoonsgegevens er zijn en waarom.",
    ),
)


class Failure(click.ClickException):
    """One clear line for the user, exit code 1."""

    def show(self, file: object = None) -> None:
        """Print the message on stderr."""
        click.echo(f"Fout: {self.message}", err=True)


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of ``COMMANDS``."""
        return [line.name for line in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        for line in COMMANDS:
            if line.name == cmd_name:
                command = getattr(
                    import_module(line.module), f"{cmd_name.replace('-', '_')}_command"
                )
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Opdrachten"):
            formatter.write_dl([(line.name, line.summary) for line in COMMANDS])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an answer to the user becomes one line instead of a traceback."""
        keep_compiled_code(home_folder(os.environ))
        try:
            return super().invoke(ctx)
        except UnknownEntryError as error:
            raise Failure(unknown_word(error)) from error
        except ANSWERS as error:
            raise Failure(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\nGestopt.", err=True)
            ctx.exit(130)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vlekkenplan", message="vlekkenplan %(version)s")
def main() -> None:
    """Plan kleine woon- en zorgvoorzieningen: eerlijk gespreid en dicht bij het leven."""
