"""Property tests may take their time on a busy machine; fewer examples keep the whole quick."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("patient", deadline=None, max_examples=60)
settings.load_profile("patient")
