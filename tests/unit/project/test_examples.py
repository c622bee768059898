"""The examples under docs/examples: every one is read by what it is for, and commands in them are run."""

import configparser
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor import facts, plugins
from auditor.model import Category, Level, Outcome
from auditor.policy import LoadedPolicy, judge, load, load_attestations, load_waivers
from auditor.targets import export_csv, load_inventory, read_authorisation
from tests.unit.project import shown
from tests.unit.project.shown import EXAMPLES, Sites

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SPECS = facts.union(plugins.load_checks())


@pytest.fixture(scope="module")
def policies() -> tuple[LoadedPolicy, ...]:
    return (load(EXAMPLES / "policy.yaml", SPECS),)


@pytest.fixture(scope="module")
def running() -> Iterator[Sites]:
    with shown.sites() as served:
        yield served


def test_every_example_is_tested_here() -> None:
    here = Path(__file__)
    text = here.read_text("utf-8") + here.with_name("test_pipelines.py").read_text("utf-8")
    named = set(re.findall(r"[\w-]+\.(?:yaml|yml|csv|service|timer)|crontab", text))
    assert {path.name for path in EXAMPLES.iterdir()} <= named


def test_the_inventory_says_who_where_and_by_whose_leave() -> None:
    found = load_inventory(EXAMPLES / "inventory.yaml", AT)
    assert found.agency == "Pemerintah Kabupaten Contoh"
    portal, service = found.targets
    assert (portal.url, service.url) == ("https://contoh.go.id/", "https://layanan.contoh.go.id/")
    assert (service.service, service.tags, service.se_category) == ("perizinan", ("layanan", "publik"), Category.TINGGI)
    assert service.organisation
    assert service.organisation.officer
    assert service.organisation.officer.contact == "petugas.dpmptsp@contoh.go.id"
    assert {target.level for target in found.targets} == {Level.STANDARD}


def test_examples_keep_their_sockets_on_this_machine() -> None:
    for target in load_inventory(EXAMPLES / "inventory.yaml", AT).targets:
        assert target.connect
        assert target.connect_http
        assert {target.connect.host, target.connect_http.host} == {"127.0.0.1"}


def test_the_sheet_is_the_inventory() -> None:
    inventory = load_inventory(EXAMPLES / "inventory.yaml", AT)
    assert (EXAMPLES / "inventory.csv").read_bytes() == export_csv(inventory)
    sheet = load_inventory(EXAMPLES / "inventory.csv", AT)
    assert [target.url for target in sheet.targets] == [target.url for target in inventory.targets]


def test_the_letter_covers_the_sites_it_names() -> None:
    letter = read_authorisation(str(EXAMPLES / "authorisation.yaml"), AT)
    assert (letter.letter, letter.valid_to, letter.level) == ("ST-12/2026", date(2026, 12, 31), Level.STANDARD)
    assert letter.scope == ("contoh.go.id", "layanan.contoh.go.id")


def test_the_policy_adds_two_rules_to_the_baseline(policies: tuple[LoadedPolicy, ...]) -> None:
    (mine,) = policies
    baseline = {rule.id for rule in load("baseline", SPECS).policy.rules}
    assert {rule.id for rule in mine.policy.rules} - baseline == {"CTH-01", "CTH-02"}
    assert baseline <= {rule.id for rule in mine.policy.rules}


def test_waivers_and_answers_are_about_rules_of_the_policy(policies: tuple[LoadedPolicy, ...]) -> None:
    rules = tuple(loaded.policy for loaded in policies)
    waivers, _ = load_waivers(EXAMPLES / "waivers.yaml", rules)
    attestations, _ = load_attestations(EXAMPLES / "attestations.yaml", rules)
    assert [(waiver.rule, waiver.subject) for waiver in waivers] == [("KOM-02", None), ("SES-02", "PHPSESSID")]
    targets = [replace(target, policies=()) for target in load_inventory(EXAMPLES / "inventory.yaml", AT).targets]
    findings = judge((), SPECS, rules, waivers, attestations, AT, targets)
    answered = {finding.target: finding.outcome for finding in findings if finding.rule == "CTH-02"}
    assert answered == {"https://contoh.go.id/": Outcome.PASS, "https://layanan.contoh.go.id/": Outcome.MANUAL}


# ---- scheduled scans -----------------------------------------------------------------------------------------


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((EXAMPLES / name).read_text("utf-8"))
    return parser


def cron_line() -> tuple[list[str], str]:
    """The five fields of time, and the command."""
    (line,) = [line for line in (EXAMPLES / "crontab").read_text("utf-8").splitlines() if not line.startswith("#")]
    *when, command = line.split(None, 5)
    return when, command


@pytest.fixture
def machine(running: Sites, tmp_path: Path) -> Path:
    """A machine set up as the units say, below a folder: /etc/auditor with inventory, key and passphrase."""
    shown.lay_out(tmp_path, running)
    etc = tmp_path / "etc" / "auditor"
    etc.mkdir(parents=True)
    (tmp_path / "docs" / "examples" / "inventory.yaml").rename(etc / "inventory.yaml")
    (etc / "passphrase").write_text(shown.PASSPHRASE + "\n")
    (made,) = shown.type_in(
        ["auditor keys create --out etc/auditor/keys --passphrase-fd 3 3<etc/auditor/passphrase"], tmp_path
    )
    assert made.code == 0, made.output
    return tmp_path


def run_below(machine: Path, command: str) -> Path:
    """The bundle that a scheduled command leaves, with the folders of the machine put below `machine`."""
    below = re.sub(r"(?<=[\s<])/(?=(?:etc|var)/)", f"{machine}/", command).replace("/usr/local/bin/auditor", "auditor")
    (done,) = shown.type_in([below], machine)
    assert done.code == 0, done.output
    (bundle,) = (machine / "var" / "lib" / "auditor" / "bundles").glob("2*")
    (verified,) = shown.type_in([f"auditor verify {bundle} --trust etc/auditor/keys/root.pem"], machine)
    assert verified.code == 0, verified.output
    return bundle


def test_the_service_leaves_a_bundle_that_verifies(machine: Path) -> None:
    service = unit("auditor.service")["Service"]
    assert service["StandardInput"] == "file:/etc/auditor/passphrase"
    assert service["Type"] == "oneshot"
    bundle = run_below(machine, f"{service['ExecStart']} </etc/auditor/passphrase")
    report = json.loads((bundle / "report.json").read_bytes())
    assert len(report["targets"]) == 2


def test_the_timer_starts_that_service_every_week() -> None:
    timer = unit("auditor.timer")
    assert "Unit" not in timer["Timer"], "the service of the same name"
    assert re.fullmatch(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d", timer["Timer"]["OnCalendar"])
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_cron_line_leaves_a_bundle_that_verifies(machine: Path) -> None:
    when, command = cron_line()
    ranges = (range(60), range(24), range(1, 32), range(1, 13), range(8))
    assert all(field == "*" or int(field) in allowed for field, allowed in zip(when, ranges, strict=True))
    assert "%" not in command, "cron reads it as a line break"
    run_below(machine, command)


def test_cron_and_systemd_run_the_same_scan() -> None:
    service, (_, line) = shlex.split(unit("auditor.service")["Service"]["ExecStart"]), cron_line()
    cron = shlex.split(line.partition(" 3<")[0])
    assert [word for word in service if not word.isdigit()] == [word for word in cron if not word.isdigit()]
