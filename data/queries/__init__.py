"""Questions to the database, answered in the frames of ``geo.frames``."""
