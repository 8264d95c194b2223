"""Reading a page as a visitor does: its first sentence, its links, its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"} | {
    "source",
    "track",
    "use",
    "wbr",
}


@dataclass
class PageText:
    """What a page holds; text is on one line, without the HTML."""

    status: int
    title: str = ""
    lang: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    lead: str = ""
    text: str = ""
    tables: list[list[list[str]]] = field(default_factory=list)


def read_page(client: FlaskClient, address: str) -> PageText:
    """The page at this address; redirects are not followed."""
    answer = client.get(address)
    reader = _Reader(answer.status_code)
    reader.feed(answer.get_data(as_text=True))
    reader.page.text = " ".join("".join(reader.main).split())
    reader.page.lead = " ".join("".join(reader.lead_parts).split())
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, status: int) -> None:
        super().__init__()
        self.page = PageText(status)
        self.open: list[tuple[str, str]] = []
        self.main: list[str] = []
        self.lead_parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        page = self.page
        page.counts[tag] = page.counts.get(tag, 0) + 1
        page.inline += [f"{tag} {name}" for name in values if name == "style" or name[:2] == "on"]
        if tag in ("style",) or (tag == "script" and "src" not in values):
            page.inline.append(tag)
        if "id" in values:
            page.ids.append(values["id"])
        if tag == "html":
            page.lang = values.get("lang", "")
        if tag == "a" and "href" in values:
            page.links.append(values["href"])
        if tag in ("h1", "h2", "h3"):
            page.headings.append("")
        if tag == "table":
            page.tables.append([])
        if tag == "tr":
            page.tables[-1].append([])
        if tag in ("th", "td"):
            page.tables[-1][-1].append("")
        if tag not in _EMPTY:
            self.open.append((tag, values.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "div", "dt", "dd"):
            self.main.append(" ")

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "title" in tags and "svg" not in tags:
            self.page.title += data
        if "main" not in tags:
            return
        self.main.append(data)
        if any("utrecht-paragraph--lead" in css for _, css in self.open):
            self.lead_parts.append(data)
        if any(tag in ("h1", "h2", "h3") for tag in tags):
            self.page.headings[-1] = " ".join(f"{self.page.headings[-1]}{data}".split())
        if any(tag in ("th", "td") for tag in tags):
            row = self.page.tables[-1][-1]
            row[-1] = " ".join(f"{row[-1]} {data}".split())
