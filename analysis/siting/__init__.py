"""Choosing several sites at once, exactly: the problem, the solving, and what explains it."""
