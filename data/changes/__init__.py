"""What people change through the pages: one module a kind of row. Imports are in ``data.load``."""
