"""How the parts of a chart look in a file of their own.

On a page ``static/css/charts.css`` has the same names, with the colours of the page, in the dark
and on paper as well; a style sheet goes before these attributes.
"""

from __future__ import annotations

from markupsafe import Markup

INK, SOFT, PAPER = "#15272c", "#47595f", "#ffffff"
LINE, STRONG, ACCENT, BASE = "#d5dedf", "#718387", "#0c5a66", "#718387"

#: The name of a part, and its attributes in SVG.
STYLES: dict[str, dict[str, str]] = {
    "axis": {"stroke": STRONG, "stroke-width": "1", "fill": "none"},
    "grid": {"stroke": LINE, "stroke-width": "1", "fill": "none"},
    "even": {"stroke": INK, "stroke-width": "1.5", "stroke-dasharray": "5 4", "fill": "none"},
    "line": {"stroke": ACCENT, "stroke-width": "2.5", "fill": "none", "stroke-linejoin": "round"},
    "limit": {"stroke": STRONG, "stroke-width": "1.5", "fill": "none"},
    "band": {"fill": LINE, "stroke": "none"},
    "whisker": {"stroke": STRONG, "stroke-width": "2", "fill": "none"},
    "fill": {"fill": "#e2eff0", "stroke": "none"},
    "bar": {"fill": ACCENT, "stroke": "none"},
    "bar-base": {"fill": BASE, "stroke": "none"},
    "dot": {"fill": PAPER, "stroke": STRONG, "stroke-width": "2"},
    "dot-clear": {"fill": ACCENT, "stroke": ACCENT, "stroke-width": "2"},
    "area": {"stroke": PAPER, "stroke-width": "0.75", "stroke-linejoin": "round"},
    "k1": {"fill": "#dfeaf0"},
    "k2": {"fill": "#b9d0dd"},
    "k3": {"fill": "#8fb1c5"},
    "k4": {"fill": "#628fa9"},
    "k5": {"fill": "#3a6a87"},
    "k-none": {"fill": "#f4f3ef"},
    # The verdicts, from light to dark: readable in grey, and to every eye. No colour of alarm.
    "onder_aandeel": {"fill": "#f0d48a"},
    "geen_duidelijk_verschil": {"fill": "#9aacb4"},
    "boven_aandeel": {"fill": "#2a5a73"},
    "niet_te_berekenen": {"fill": "#ffffff", "stroke": "#9a9d99"},
    "text": {"fill": INK, "font-size": "15"},
    "name": {"fill": INK, "font-size": "14"},
    "halo": {"stroke": PAPER, "stroke-width": "3", "paint-order": "stroke"},
    "border": {"stroke": "#24424d", "stroke-width": "1.25", "fill": "none"},
    "number": {"fill": SOFT, "font-size": "14"},
    "title": {"fill": INK, "font-size": "18", "font-weight": "600"},
    "source": {"fill": SOFT, "font-size": "12"},
}


def part(*names: str) -> Markup:
    """The class and the attributes of a part, to put in an element of a template.

    Of several names the later ones go first where they say the same.
    """
    attributes = {key: value for name in names for key, value in STYLES[name].items()}
    classes = " ".join(f"vp-chart__{name}" for name in names)
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return Markup('class="{}" {}').format(classes, Markup(written))
