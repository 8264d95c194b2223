"""The pages: one module each, with its blueprint under the name ``page``."""

from __future__ import annotations

PAGES: tuple[str, ...] = (
    "map",
    "map_data",
    "lists",
    "area",
    "site",
    "types",
    "spreading",
    "spreading_series",
    "exposure",
    "minutes",
    "method",
    "sources",
    "statements",
    "search",
    "access",
    "rights",
    "workspace",
    "workspace_site",
    "workspace_form",
    "workspace_documents",
    "workspace_bulk",
)
