"""The data folder: where the embedded database and the key file live on one machine."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """The folder named by ARREARS_HOME, else the usual place for a user's data. Made if missing, 0700."""
    named = os.environ.get("ARREARS_HOME")
    folder = Path(named) if named else Path.home() / ".local" / "share" / "arrears"
    folder = folder.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
