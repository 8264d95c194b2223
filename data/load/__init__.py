"""Loading: checked frames into the database, showing what is new, changed and gone.

One module each for what is loaded: ``areas``, ``sites``, ``tasks``, ``points`` and ``streets``.
All of them work inside the transaction of the caller, who commits or rolls back.
"""
