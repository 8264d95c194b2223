"""Where the machine code of ``geo.network`` is kept, so that it is compiled once.

Numba keeps it beside the modules. An installed program often can't write there, and would then
compile for half a minute at every start, or not start at all. It is kept in ``home`` instead.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

#: The setting of numba for the folder; whoever sets it decides.
SETTING = "NUMBA_CACHE_DIR"
_MODULES = Path(__file__).resolve().parent.parent / "geo" / "network"


def keep_compiled_code(
    home: Path, environ: MutableMapping[str, str] = os.environ, modules: Path = _MODULES
) -> None:
    """Choose the folder, before ``geo.network`` is imported; nothing when numba can do its own.

    Where ``home`` can't be written either, a temporary folder serves for as long as we run.
    """
    if SETTING in environ or _can_write(modules / "__pycache__", modules):
        return
    folder = home / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_ours = os.access(folder, os.W_OK)
    except OSError:
        is_ours = False
    environ[SETTING] = str(folder) if is_ours else tempfile.mkdtemp(prefix="vlekkenplan-")


def _can_write(folder: Path, parent: Path) -> bool:
    """Whether files can be made in the folder, or the folder in its parent."""
    return os.access(folder if folder.exists() else parent, os.W_OK)
