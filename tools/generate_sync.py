"""Write the sync twins: `mongoengine/_async` -> `mongoengine/_sync`, the same for `tests`.

`python tools/generate_sync.py` writes them and removes twins whose source is gone; `--check`
compares in memory, prints what differs and writes nothing. A twin that could mislead is refused,
with file and line, and then nothing at all is written. The rules are in `tools/twin/`.

Exit codes: 0 up to date or written, 1 `--check` found a difference, 2 refused.
"""

from __future__ import annotations

import argparse
import difflib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

if __name__ == "__main__":
    # Run as a script, Python looks for modules in tools/ only.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.twin.names import NAMES, row_location
from tools.twin.refusals import translate
from tools.twin.translation import TwinRule

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "python tools/generate_sync.py"
FOLDERS: Mapping[str, str] = {
    "mongoengine/_async": "mongoengine/_sync",
    "tests/_async": "tests/_sync",
}
HEADER = "# Generated from "
# Redefinition, undefined name, local used before assignment: what a name that became another
# name's twin looks like. The first party is named because ruff would look for it on disk, and so
# sort the imports of a first run otherwise.
CHECK = (
    "check",
    "--fix",
    "--fixable=I",
    "--select=I,F811,F821,F823",
    '--config=lint.isort.known-first-party=["mongoengine", "tests", "tools"]',
)


class Refusal(Exception):
    """The sources must change before twins can be written."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def build_twins(root: Path = ROOT, names: Mapping[str, str] = NAMES) -> dict[str, str]:
    """Translate every source under `root`.

    Args:
        root: the folder of the project.
        names: the rows to translate besides the prefix rule.

    Returns:
        The finished text of each twin, by its path relative to `root`.

    Raises:
        Refusal: a source cannot be translated safely, a folder has none, or a row is not used.
    """
    rule = TwinRule(names)
    problems: list[str] = []
    drafts: dict[str, tuple[str, str]] = {}
    for source_folder, twin_folder in FOLDERS.items():
        sources = _python_files(root, source_folder)
        if not sources:
            problems.append(f"{source_folder}: there is no Python file to translate")
        for source in sources:
            twin = twin_folder + source.removeprefix(source_folder)
            name = PurePosixPath(source.removeprefix(source_folder + "/"))
            if any(rule.translated_name(Path(part).stem) != Path(part).stem for part in name.parts):
                problems.append(f"{source}:1: twins keep their file names, and this one is async")
            text, found = translate((root / source).read_text(encoding="utf-8"), rule)
            problems.extend(f"{source}:{line}: {message}" for line, message in found)
            drafts[twin] = (source, text)
    if not problems:
        # After other problems an unused row may only be one that was not reached.
        problems = [
            f"{row_location(row)}: no source uses the row {row!r}; delete it"
            for row in names
            if row not in rule.used
        ]
    if problems:
        raise Refusal(problems)
    return _finished(root, drafts)


def _python_files(root: Path, folder: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.py"))


def _finished(root: Path, drafts: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Let ruff finish each draft."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda twin: _polished(root, twin, *drafts[twin]), drafts))
    if problems := [problem for _, found in results for problem in found]:
        raise Refusal(problems)
    return {twin: text for twin, (text, _) in zip(drafts, results, strict=True)}


def _polished(root: Path, twin: str, source: str, text: str) -> tuple[str, list[str]]:
    """Return the twin with its header, sorted imports and in format; and what ruff says of it."""
    checked = _ruff(root, twin, text, *CHECK)
    formatted = _ruff(root, twin, _with_header(source, checked.stdout), "format")
    for done in (checked, formatted):
        if done.returncode:
            said = done.stderr.strip().replace(f"{twin}:", "line ") or "ruff failed"
            return text, [f"{source}: in its twin, {line}" for line in said.splitlines()]
    return formatted.stdout, []


def _ruff(root: Path, twin: str, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The file name gives ruff the project's configuration, and the rules for that folder.
    return subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--quiet", "--stdin-filename", twin, "-"],
        cwd=root,
        env={**os.environ, "RUFF_OUTPUT_FORMAT": "concise"},
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _with_header(source: str, text: str) -> str:
    # isort would take a comment right above the first import as that import's own.
    gap = "" if text.startswith(('"', "'", 'r"')) else "\n"
    return f"{HEADER}{source}; do not edit.\n# To write it again: {COMMAND}\n{gap}{text}"


def orphans(root: Path, twins: Mapping[str, str]) -> list[str]:
    """Return the twins whose source is gone.

    Raises:
        Refusal: a file among the twins was written by hand.
    """
    strays = [
        path
        for folder in FOLDERS.values()
        for path in _python_files(root, folder)
        if path not in twins
    ]
    foreign = [
        path for path in strays if not (root / path).read_text(encoding="utf-8").startswith(HEADER)
    ]
    if foreign:
        raise Refusal(
            [f"{path}:1: a file written by hand among twins; move it" for path in foreign]
        )
    return strays


def differences(root: Path, twins: Mapping[str, str]) -> list[str]:
    """Say how the twins on disk differ from `twins`: missing, stale (with a diff) or orphaned."""
    found: list[str] = []
    for twin, text in twins.items():
        current = _current(root, twin)
        if current is None:
            found.append(f"missing: {twin}")
        elif current != text:
            diff = difflib.unified_diff(
                current.splitlines(), text.splitlines(), twin, f"{twin} (as generated)", lineterm=""
            )
            found.append("\n".join([f"stale: {twin}", *diff]))
    return found + [f"orphaned: {twin}" for twin in orphans(root, twins)]


def write(root: Path, twins: Mapping[str, str]) -> tuple[int, int]:
    """Write the twins that differ and remove orphans; return how many of each."""
    gone = orphans(root, twins)
    changed = [twin for twin, text in twins.items() if _current(root, twin) != text]
    for twin in changed:
        (root / twin).parent.mkdir(parents=True, exist_ok=True)
        (root / twin).write_text(twins[twin], encoding="utf-8", newline="\n")
    for twin in gone:
        (root / twin).unlink()
    return len(changed), len(gone)


def _current(root: Path, twin: str) -> str | None:
    path = root / twin
    # Bytes, because reading as text would hide line ends of another system.
    return path.read_bytes().decode("utf-8") if path.exists() else None


def main(
    argv: Sequence[str] | None = None, root: Path = ROOT, names: Mapping[str, str] = NAMES
) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description="Write the sync twins of the async modules.")
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 on a difference")
    check = parser.parse_args(argv).check
    try:
        twins = build_twins(root, names)
        found = differences(root, twins) if check else []
        written, removed = (0, 0) if check else write(root, twins)
    except Refusal as refusal:
        for problem in refusal.problems:
            print(f"refused: {problem}", file=sys.stderr)
        print("generate_sync: refused, nothing written", file=sys.stderr)
        return 2
    for difference in found:
        print(difference)
    if check:
        state = f"{len(found)} differ; run: {COMMAND}" if found else "up to date"
        print(f"generate_sync: {len(twins)} twins, {state}")
        return int(bool(found))
    print(f"generate_sync: {len(twins)} twins, {written} written, {removed} orphans removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
