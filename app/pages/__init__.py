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
    "security_contact",
    "sign_in",
    "own_account",
    "internal_counts",
    "workspace",
    "workspace_site",
    "workspace_form",
    "sign_in_oidc",
    "workspace_answers",
    "workspace_stage",
    "workspace_history",
    "import_history",
)
