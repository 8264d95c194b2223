"""News as feeds: Atom (RFC 4287) and RSS 2.0, made from the same entries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from app.services.event_words import EventWords

ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE, RSS_TYPE = "application/atom+xml", "application/rss+xml"
MOST_ENTRIES = 50
#: What XML 1.0 can't hold, however it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Feed:
    """A feed: its title, the page that it is about, where it stands, and what is in it.

    ``site`` is the address of the website, without a slash; the paths begin with one.
    ``begun_at`` is the moment of a feed in which nothing stands yet.
    """

    site: str
    title: str
    page_path: str
    own_path: str
    entries: Sequence[EventWords]
    begun_at: dt.datetime

    @property
    def updated(self) -> dt.datetime:
        """When the newest entry came."""
        return max((entry.at for entry in self.entries), default=self.begun_at)


def to_atom(feed: Feed) -> bytes:
    """The feed as Atom."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "nl"})
    _add(root, "id", f"{feed.site}{feed.own_path}")
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _link(root, "self", ATOM_TYPE, f"{feed.site}{feed.own_path}")
    _link(root, "alternate", "text/html", f"{feed.site}{feed.page_path}")
    _add(ET.SubElement(root, "author"), "name", "Vlekkenplan")
    for entry in feed.entries:
        _add_atom_entry(root, feed.site, entry)
    return _bytes(root)


def to_rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    ET.register_namespace("atom", ATOM)
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", f"{feed.site}{feed.page_path}")
    _add(channel, "description", f"Wat er verandert: {feed.title}")
    _add(channel, "language", "nl")
    _add(channel, "lastBuildDate", format_datetime(feed.updated.astimezone(dt.UTC)))
    _link(channel, "self", RSS_TYPE, f"{feed.site}{feed.own_path}", f"{{{ATOM}}}link")
    for entry in feed.entries:
        item = ET.SubElement(channel, "item")
        _add(item, "title", entry.title)
        _add(item, "link", f"{feed.site}{entry.path}")
        _add(item, "description", entry.text or entry.about)
        guid = _add(item, "guid", f"urn:uuid:{entry.uid}")
        guid.set("isPermaLink", "false")
        _add(item, "pubDate", format_datetime(entry.at.astimezone(dt.UTC)))
    return _bytes(root)


def _add_atom_entry(root: ET.Element, site: str, entry: EventWords) -> None:
    element = ET.SubElement(root, "entry")
    _add(element, "id", f"urn:uuid:{entry.uid}")
    _add(element, "title", entry.title)
    _add(element, "updated", _moment(entry.at))
    _add(element, "published", _moment(entry.at))
    _link(element, "alternate", "text/html", f"{site}{entry.path}")
    _add(element, "summary", entry.text or entry.about)


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _NOT_XML.sub("", text)
    return element


def _link(parent: ET.Element, rel: str, media_type: str, address: str, name: str = "link") -> None:
    href = _NOT_XML.sub("", address)
    ET.SubElement(parent, name, {"rel": rel, "type": media_type, "href": href})


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _bytes(root: ET.Element) -> bytes:
    """The document, with its declaration."""
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content
