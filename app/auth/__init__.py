"""Who someone is, and what they may do: one table, deny by default."""
