"""No hidden sync query in async code: the async suite, with the sync client taken out of use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "tests.async_only.without_sync_client"


def run_without_sync_client(mongodb_uri: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", PLUGIN, *arguments],
        cwd=ROOT,
        env={**os.environ, "MONGODB_URI": mongodb_uri},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_async_suite_passes_without_the_sync_client(mongodb_uri: str) -> None:
    done = run_without_sync_client(mongodb_uri, "tests/_async")

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed.group(1)) > 300


def test_the_sync_client_really_is_out_of_use(mongodb_uri: str, tmp_path: Path) -> None:
    test = tmp_path / "test_sync.py"
    test.write_text(
        "from pymongo import MongoClient\n\n\ndef test_it():\n    MongoClient()\n", encoding="utf-8"
    )

    done = run_without_sync_client(mongodb_uri, "--rootdir", str(ROOT), str(test))

    assert done.returncode == 1
    assert "asynchronous code used the sync client" in done.stdout
