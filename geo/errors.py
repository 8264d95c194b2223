"""Errors of the geo package. They know no HTTP; ``app.errors`` translates them."""


class GeoError(Exception):
    """Base of everything that goes wrong in ``geo``."""


class FrameError(GeoError):
    """A frame does not keep the promise made in ``geo.frames``; names every breach at once."""

    def __init__(self, frame_name: str, breaches: list[str]) -> None:
        self.frame_name = frame_name
        self.breaches = breaches
        super().__init__(f"{frame_name}: " + "; ".join(breaches))


class CoordinateError(GeoError):
    """A coordinate is not where it can be; ``kind`` says why (see ``geo.crs.diagnose_rd``)."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class NetworkError(GeoError):
    """A street network can't be made, or the files of one are not what they should be."""
