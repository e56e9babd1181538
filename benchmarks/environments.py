"""The virtual environments of the contenders, kept below a folder that git ignores."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.link import ROOT

__all__ = ("environment_of",)

ENVIRONMENTS = ROOT / "benchmarks" / ".environments"


def environment_of(contender: Contender) -> Path:
    """Return the interpreter of a contender's environment, made now if need be.

    Everybody gets the same driver: the one installed where the runner runs.
    """
    requirements = [f"pymongo=={importlib.metadata.version('pymongo')}"]
    for requirement in contender.requirements:
        local = Path(ROOT, requirement)
        # A checkout is used as it lies there: what is changed in it is measured at once.
        requirements += ["-e", str(local)] if local.is_dir() else [requirement]
    home = ENVIRONMENTS / contender.environment
    made_of = json.dumps([sys.version, requirements])
    stamp = home / "made-of.json"
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not stamp.is_file() or stamp.read_text("utf-8") != made_of:
        shutil.rmtree(home, ignore_errors=True)
        _make(home, python, requirements)
        stamp.write_text(made_of, "utf-8")
    return python


def _make(home: Path, python: Path, requirements: list[str]) -> None:
    print(f"making {home.relative_to(ROOT)}", file=sys.stderr)
    if uv := shutil.which("uv"):
        _run(uv, "venv", "--quiet", "--python", sys.executable, str(home))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), *requirements)
    else:
        _run(sys.executable, "-m", "venv", str(home))
        _run(str(python), "-m", "pip", "install", "--quiet", *requirements)


def _run(*command: str) -> None:
    # An environment is made of what is named here, not of what the caller's path holds.
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, check=True, env=outside, stdout=sys.stderr)
