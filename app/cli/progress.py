"""How far a job of several steps is: a bar at a terminal, and elsewhere a line a step."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from data.progress import Progress


def tell(message: str) -> None:
    """Say in a line what is being done now."""
    click.echo(f"{message} ...", err=True)


@contextmanager
def steps(count: int) -> Iterator[Progress]:
    """A ``Progress`` for a job of about so many steps; each message begins the next step."""
    if not sys.stderr.isatty():
        yield tell
        return
    with click.progressbar(
        length=count,
        file=sys.stderr,
        show_eta=False,
        item_show_func=lambda message: message,
        bar_template="%(bar)s %(info)s",
        width=24,
    ) as bar:

        def begin(message: str) -> None:
            done = 0 if bar.current_item is None else bar.pos + 1
            bar.length = max(count, done + 1)
            bar.current_item, bar.pos = message, done
            bar.render_progress()

        yield begin
        bar.current_item, bar.pos = "Klaar", bar.length or count
        bar.render_progress()
