"""Who asks? Pages, API, commands and settings around ``analysis`` and ``data``."""
