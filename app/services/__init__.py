"""Use cases: here ``analysis`` and ``data``, strangers to each other, meet."""
