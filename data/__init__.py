"""What do we know, and from whom? Sources, tables, queries and imports."""
