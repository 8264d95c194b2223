"""The outline of the demo region: hand-set points, rounded to 500 m.

Chosen by eye so that the coast with the harbour mouth of IJmuiden, the polders in the east
and the Ringvaart in the south can be recognised. It is a drawing, not a boundary.
"""

from __future__ import annotations

import shapely

ROUNDED_M = 500

#: RD New in metres, clockwise from the north-west corner.
OUTLINE_POINTS_M: tuple[tuple[int, int], ...] = (
    # Heemskerk and Beverwijk: the northern edge and the polders in the east.
    (101_500, 505_000),
    (105_500, 505_500),
    (108_000, 504_500),
    (108_000, 502_500),
    (109_000, 503_000),
    (108_500, 502_000),
    (109_500, 501_000),
    (109_000, 500_000),
    (108_500, 499_000),
    (108_000, 498_000),
    (106_500, 497_000),
    # Along the Noordzeekanaal to the eastern tip of Velsen, then Spaarnwoude and Halfweg.
    (108_000, 495_500),
    (109_500, 494_500),
    (111_000, 494_000),
    (110_000, 490_500),
    (112_000, 490_000),
    (112_000, 488_500),
    (112_500, 487_500),
    (112_000, 485_500),
    # The Ringvaart around the Haarlemmermeer, by Badhoevedorp and Aalsmeer to Kaag.
    (114_000, 484_500),
    (116_000, 482_500),
    (116_500, 481_500),
    (116_000, 480_000),
    (114_500, 479_000),
    (113_500, 477_500),
    (112_000, 476_500),
    (110_000, 475_500),
    (109_000, 474_000),
    (108_000, 473_000),
    (107_000, 472_500),
    (105_500, 471_500),
    (103_500, 470_000),
    (101_500, 470_000),
    (98_500, 470_500),
    (98_000, 471_500),
    (99_000, 472_500),
    (99_000, 476_000),
    (100_500, 477_500),
    (101_000, 479_000),
    (102_000, 481_000),
    # The southern edge of Bloemendaal and the dunes, then north along the coast.
    (99_500, 481_500),
    (99_000, 480_500),
    (94_000, 482_500),
    (96_000, 487_000),
    (97_500, 491_000),
    (99_000, 495_000),
    # The harbour of IJmuiden: southern pier, the mouth, northern pier.
    (98_500, 497_000),
    (97_000, 497_500),
    (99_000, 497_500),
    (101_500, 497_500),
    (102_000, 498_500),
    (99_500, 498_000),
    (97_500, 498_500),
    (99_500, 498_500),
    (100_500, 500_500),
)


def region_outline() -> shapely.Polygon:
    """The outline as one polygon in RD New."""
    return shapely.Polygon(OUTLINE_POINTS_M)
