"""With what a conversation may begin: a template for each facility type, and one for a wijk.

All texts are suggestions in plain Dutch that a planner adapts.
"""

from __future__ import annotations

from analysis.dialogue.group_templates import GROUP_TEMPLATES
from analysis.dialogue.local_templates import LOCAL_TEMPLATES, WIJK
from analysis.dialogue.regional_templates import REGIONAL_TEMPLATES
from analysis.dialogue.template_parts import TrackTemplate
from analysis.registry import Registry

TRACK_TEMPLATES: Registry[TrackTemplate] = Registry(
    "template of a track", (*LOCAL_TEMPLATES, *REGIONAL_TEMPLATES, *GROUP_TEMPLATES)
)


def template_of(type_key: str | None) -> TrackTemplate:
    """The template of a facility type; that of a wijk for None and for a type without a place."""
    return TRACK_TEMPLATES[type_key] if type_key and type_key in TRACK_TEMPLATES else WIJK
