"""The running text of a page: what a resident reads in sentences, without tables and forms."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient

from tests.app.page_reader import _EMPTY

_BLOCKS = {"p", "li"}
#: Lines of facts and of choices, the rows of the list beside a map, titles of documents and lines
#: that tell whose data it is, are no running text. What residents wrote themselves is not ours.
_LEFT_OUT = {"table", "form", "svg", "nav", "dl", "script", "noscript", "select", "template"}
_LEFT_OUT_CLASSES = {
    "vp-actions",
    "vp-citations",
    "vp-hidden",
    "vp-protected",
    "vp-site",
    "vp-site-list",
    "vp-source",
    "vp-sources",
    "vp-steps",
    "vp-talk-told",
    "vp-talk-words",
}


def running_text(client: FlaskClient, address: str) -> tuple[str, ...]:
    """The paragraphs and items within ``main``, each a line of text; the page must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return blocks_of(answer.get_data(as_text=True))


def blocks_of(page: str) -> tuple[str, ...]:
    """The same, of the HTML of a page."""
    reader = _Reader()
    reader.feed(page)
    lines = (" ".join(block.split()) for block in reader.blocks)
    return tuple(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.blocks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data(" ")
        if tag in _EMPTY:
            return
        classes = (dict(attrs).get("class") or "").split()
        is_out = tag in _LEFT_OUT or not _LEFT_OUT_CLASSES.isdisjoint(classes)
        self.open.append((tag, is_out))
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY or all(name != tag for name, _ in self.open):
            return
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        names = [name for name, _ in self.open]
        if "main" not in names or any(is_out for _, is_out in self.open):
            return
        if self.blocks and any(name in _BLOCKS for name in names):
            self.blocks[-1] += data
