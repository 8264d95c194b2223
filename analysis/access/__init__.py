"""Travel access: how far daily life is, what a kind of place asks, and who can reach it in time.

One module a question. Each is a pure function on minutes that something else measured, along the
streets or from a table: values in, a named Series or frame on the same index out. Minutes that
are unknown stay unknown and are counted, with the reason; nothing is filled in.
"""
