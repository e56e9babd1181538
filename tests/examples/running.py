"""Running a Python program as a user would: in a process of its own, with warnings as errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_python(*arguments: str, uri: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python on a terminal of 80 columns, with MONGODB_URI set to `uri` or not at all."""
    environment = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
    environment.pop("MONGODB_URI", None)
    if uri is not None:
        environment["MONGODB_URI"] = uri
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
