"""Every chore of the project: `nox -l` lists them, `nox -s NAME` runs one.

The requirements stand in pyproject.toml, in the dependency group named in each session.
Arguments after `--` go to the tool a session runs.
"""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Container
from pathlib import Path

import nox

nox.needs_version = ">=2026.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
STUBTEST = "tools/stubtest_allowlist.txt"
PYTHONS = ["3.11", "3.12", "3.13"]


@nox.session
def demo(session: nox.Session) -> None:
    """Run the quickstart on a throw-away MongoDB."""
    install(session, "demo")
    on_mongod(session, "python", "examples/quickstart.py", *session.posargs)


@nox.session
def app(session: nox.Session) -> None:
    """Serve the FastAPI application of examples/ on a throw-away MongoDB; `-- --port 8001`."""
    install(session, "app")
    served = "examples.fastapi_app.main:app"
    on_mongod(session, "python", "-m", "uvicorn", served, *session.posargs)


@nox.session
def latency(session: nox.Session) -> None:
    """Measure threads beside tasks and draw docs/images/latency.png; less than a minute."""
    install(session, "plot")
    on_mongod(session, "python", "examples/latency.py", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on this Python. Arguments go to pytest."""
    run_tests(session)


@nox.session(python=PYTHONS)
def tests_all(session: nox.Session) -> None:
    """Run the tests on a supported Python; those not installed are skipped."""
    run_tests(session)


@nox.session
def tests_oldest(session: nox.Session) -> None:
    """Run the tests with the oldest supported PyMongo and blinker."""
    run_tests(session, "pymongo==4.13.2", "blinker==1.7")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, floors, the sync twin and forgotten awaits."""
    install(session, "lint")
    failed = []
    for check in (
        ("python", "tools/generate_sync.py", "--check"),
        ("python", "tools/generate_field_types.py", "--check"),
        ("python", "tools/check_awaits.py"),
        ("lint-imports",),
        ("ruff", "check"),
        ("ruff", "format", "--check"),
    ):
        # All of them are run, so that one look shows everything there is to mend.
        try:
            session.run(*check)
        except nox.command.CommandFailed:
            failed.append(" ".join(check))
    if failed:
        session.error(f"failed: {'; '.join(failed)}")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the package, and what they say about programs, with mypy and pyright."""
    install(session, "types")
    session.run("mypy")
    session.run("pyright")
    session.run("python", "-m", "mypy.stubtest", "mongoengine.fields", "--allowlist", STUBTEST)
    session.run("python", "tools/check_typing.py")


@nox.session
def generate(session: nox.Session) -> None:
    """Write the sync twin and the fields' types; `-- --check` only compares."""
    install(session, "generate")
    session.run("python", "tools/generate_sync.py", *session.posargs)
    session.run("python", "tools/generate_field_types.py", *session.posargs)


@nox.session
def api(session: nox.Session) -> None:
    """Compare the package with a description of MongoEngine's API: `-- FILE`, a JSON file."""
    if not session.posargs:
        session.error("Name a description of the API: nox -s api -- FILE")
    install(session)
    session.run("python", "tools/compare_api.py", *session.posargs)


@nox.session
def upstream(session: nox.Session) -> None:
    """Run MongoEngine's own tests on this package: `-- CHECKOUT [pytest arguments]`."""
    if not session.posargs:
        session.error("Name a checkout of MongoEngine: nox -s upstream -- CHECKOUT")
    checkout, *arguments = session.posargs
    sources = Path(checkout).resolve() / "tests"
    if not sources.is_dir():
        session.error(f"{checkout} is no checkout of MongoEngine: it has no tests/")
    install(session, "tests")

    # Only the tests are copied: run in place, they would import the checkout's own package.
    room = Path(session.create_tmp()).resolve()
    shutil.rmtree(room / "tests", ignore_errors=True)
    shutil.copytree(sources, room / "tests")
    (room / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    report = room / "report.xml"
    report.unlink(missing_ok=True)

    on_mongod(
        session,
        *("pytest", "-q", "-p", "no:asyncio", "--continue-on-collection-errors"),
        *("-c", str(room / "pytest.ini"), "--rootdir", str(room), f"--junit-xml={report}"),
        # It compares that repository's own changelog with its version.
        f"--ignore={room / 'tests' / 'test_changelog_consistency.py'}",
        *arguments,
        str(room / "tests"),
        port=27017,  # the address is written into upstream's tests
        success_codes=[0, 1],
    )
    failed = tally(session, report, listed_tests())
    if failed:
        session.error(f"MongoEngine's own tests that fail and are not listed: {', '.join(failed)}")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure beside the driver and other mappers; `-- --quick` takes two minutes, `-- --help`."""
    install(session, "bench")
    on_mongod(session, "python", "-m", "benchmarks", *session.posargs)


@nox.session
def bench_gate(session: nox.Session) -> None:
    """Fail if our own code costs more than it may, in units of the driver's; no server."""
    session.install("-e", ".")
    session.run("python", "-m", "benchmarks.gate", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation in docs/_build; warnings are errors."""
    install(session, "docs")
    session.run(
        *("python", "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-n"),
        *("docs", "docs/_build/html", *session.posargs),
    )


def group(*names: str) -> tuple[str, ...]:
    """Return the requirements of dependency groups."""
    return nox.project.dependency_groups(PROJECT, *names)


def install(session: nox.Session, *groups: str, extra: tuple[str, ...] = ()) -> None:
    """Install the project as it lies here, with the requirements of some groups."""
    session.install("-e", ".", *group(*groups), *extra)


def run_tests(session: nox.Session, *requirements: str) -> None:
    """Run pytest with the test group and further requirements installed."""
    install(session, "tests", extra=requirements)
    session.run("python", "-m", "pytest", *session.posargs)


def on_mongod(
    session: nox.Session,
    *command: str,
    port: int | None = None,
    success_codes: list[int] | None = None,
) -> None:
    """Run a command with MONGODB_URI set to a throw-away MongoDB.

    A fixed port means a server of our own on that port, whatever MONGODB_URI says.
    """
    options = [] if port is None else ["--port", str(port)]
    environment = {} if port is None else {"MONGODB_URI": None}
    session.run(
        "python",
        *("tools/mongod.py", *options, "--", *command),
        env=environment,
        success_codes=success_codes,
    )


def listed_tests() -> set[str]:
    """Return the tests of MongoEngine that docs/compatibility.md lists, by their dotted names."""
    text = Path("docs/compatibility.md").read_text(encoding="utf-8")
    return {
        f"{file}.{test}".replace("/", ".").replace("::", ".")
        for file, test in re.findall(r"^\| `(tests/\S+)\.py::(\S+)` \|", text, flags=re.MULTILINE)
    }


def tally(session: nox.Session, report: Path, listed: Container[str] = ()) -> list[str]:
    """Print what pytest's report counts, and return the failed tests that are not listed."""
    counts = {"passed": 0, "failed": 0, "skipped": 0, "listed": 0}
    failed = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        test = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        if case.find("failure") is None and case.find("error") is None:
            counts["passed" if case.find("skipped") is None else "skipped"] += 1
        elif test in listed:
            counts["listed"] += 1
        else:
            counts["failed"] += 1
            failed.append(test)
    session.log(", ".join(f"{name} {count}" for name, count in counts.items()))
    return failed
