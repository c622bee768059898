import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import InventoryError
from auditor.model import Authorisation, Category, Endpoint, Level, Officer, Organisation, Target
from auditor.targets import Inventory, export_csv, export_xlsx, export_yaml, load_inventory, parse_target, resolve

AT = datetime(2026, 11, 24, 3, 3, 27, tzinfo=UTC)

YAML = """\
schema: 1
agency: {name: Pemerintah Kabupaten Contoh, region: "6371"}
authorisation: {letter: "ST-12/2026", issuer: Sekretaris Daerah, valid_from: 2026-01-01, valid_to: 2026-12-31, level: active, file: surat.pdf, scope: []}
defaults: {policy: [baseline], level: active, ca: root.pem, rate: 2, pages: 300}
organisations:
  - id: diskominfo
    name: Dinas Komunikasi dan Informatika
    officer: {name: Nama Petugas, contact: petugas@contoh.go.id}
    targets:
      - https://portal.contoh.go.id
      - {url: "https://layanan.contoh.go.id", service: perizinan, connect: "127.0.0.1:4443", tags: [layanan], se_category: tinggi}
  - id: dukcapil
    name: Dinas Kependudukan
    region: 63.72
    targets:
      - {url: http://dukcapil.contoh.go.id, connect_http: "127.0.0.1:4480", level: passive, region: "637101"}
      - dukcapil2.contoh.go.id
targets:
  - contoh.go.id
"""


def folder_with(path: Path, text: str | bytes, name: str = "situs.yaml") -> Path:
    (path / "surat.pdf").write_bytes(b"%PDF-1.7")
    (path / "root.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_an_inventory_in_yaml(tmp_path: Path) -> None:
    inventory = load_inventory(folder_with(tmp_path, YAML), AT)
    assert (inventory.agency, inventory.region) == ("Pemerintah Kabupaten Contoh", "6371")
    assert inventory.roots == (b"-----BEGIN CERTIFICATE-----\n",)
    assert inventory.authorisation is not None
    assert inventory.authorisation.valid_to == date(2026, 12, 31)
    portal, service, passive, second, loose = inventory.targets
    diskominfo = Organisation(
        "diskominfo", "Dinas Komunikasi dan Informatika", Officer("Nama Petugas", "petugas@contoh.go.id")
    )
    assert service == Target(
        "https", "layanan.contoh.go.id", 443, "/", "perizinan", diskominfo, "6371", ("layanan",), Category.TINGGI,
        inventory.authorisation, Level.ACTIVE, Level.ACTIVE, ("layanan.contoh.go.id", "www.layanan.contoh.go.id"),
        connect=Endpoint("127.0.0.1", 4443), rate=2, pages=300, policies=("baseline",),
    )  # fmt: skip
    assert (portal.url, portal.organisation, portal.level) == ("https://portal.contoh.go.id/", diskominfo, Level.ACTIVE)
    assert (passive.level, passive.requested, passive.region) == (Level.PASSIVE, Level.PASSIVE, "637101")
    assert passive.connect_http == Endpoint("127.0.0.1", 4480)
    assert (second.region, second.url) == ("6372", "https://dukcapil2.contoh.go.id/")
    assert loose.organisation is None


def test_without_authorisation_only_passive_runs(tmp_path: Path) -> None:
    text = "schema: 1\ndefaults: {level: active}\ntargets: [contoh.go.id, 127.0.0.1]\n"
    public, local = load_inventory(folder_with(tmp_path, text), AT).targets
    assert (public.level, public.requested) == (Level.PASSIVE, Level.ACTIVE)
    assert local.level is Level.ACTIVE


def edited(old: str, new: str) -> str:
    assert old in YAML
    return YAML.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "is empty"),
        ("schema: 2\ntargets: [a.example]\n", 1, "schema"),
        ("targets: [a.example]\n", 1, "key schema is missing"),
        ("schema: 1\n", 0, "lists no target"),
        ("schema: 1\ntargets: []\n", 0, "lists no target"),
        (edited("organisations:", "organisation:"), 5, "did you mean organisations"),
        (edited("contact:", "kontak:"), 8, "contact"),
        (edited("se_category: tinggi", "se_category: tingi"), 11, "did you mean tinggi"),
        (edited("level: passive", "level: pasif"), 16, "did you mean passive"),
        (edited('region: "6371"', 'region: "6399"'), 2, "is not a region code"),
        (edited("region: 63.72", "region: Banjarbaru"), 14, "is not a region code"),
        (edited("https://portal.contoh.go.id", "https://u:rahasia@portal"), 10, "user name or password"),
        (edited("127.0.0.1:4443", "127.0.0.1"), 11, "the port is missing"),
        (
            edited("- dukcapil2.contoh.go.id", "- https://Portal.contoh.go.id:443/"),
            17,
            "is listed twice (first at line 10)",
        ),
        (edited("id: dukcapil", "id: diskominfo"), 12, "stands twice"),
        (edited("surat.pdf", "tiada.pdf"), 3, "cannot be read"),
        (edited("ca: root.pem", "ca: tiada.pem"), 4, "cannot be read"),
        (edited("ca: root.pem", "ca: surat.pdf"), 4, "no certificate in"),
        (edited("rate: 2", "rate: 0"), 4, "a rate is from 1"),
        (edited("rate: 2", "rate: cepat"), 4, "expected an integer"),
        (edited("pages: 300", "pages: 0"), 4, "the pages of a crawl are from 1"),
        (edited("valid_to: 2026-12-31", "valid_to: 2026-11-01"), 3, "ended on 2026-11-01"),
        (edited("valid_from: 2026-01-01", "valid_from: 2026-12-01"), 3, "valid only from 2026-12-01"),
        (edited("tags: [layanan]", "tags: [a, a]"), 11, "stands twice"),
        (edited("tags: [layanan]", "tags: ['a,b']"), 11, "no comma"),
        (edited("tags: [layanan]", "tags: layanan"), 11, "expected a list"),
        (edited("name: Dinas Kependudukan\n", "nama: x\n"), 13, "did you mean name"),
        ("schema: 1\ntargets: [\n", 3, "not YAML"),
    ],
)
def test_a_faulty_yaml_says_where(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = folder_with(tmp_path, text)
    with pytest.raises(InventoryError) as caught:
        load_inventory(path, AT)
    assert said in str(caught.value)
    assert caught.value.place == str(path) if not line else caught.value.place.startswith(f"{path}:{line}:")
    assert caught.value.exit_code == 2
    assert "rahasia" not in str(caught.value)


CSV = """\
url,organisation,officer,region,tags,se_category,connect,level
https://portal.contoh.go.id,Dinas Kominfo,Nama Petugas,6371,layanan|publik,tinggi,127.0.0.1:4443,active
https://www.contoh.go.id,Dinas Kominfo,,63.71,,,,
"""


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode(),
        ("sep=;\r\n" + CSV.replace(",", ";").replace("\n", "\r\n")).encode(),
        CSV.replace("url,organisation", "URL , Organisation").encode(),
        CSV.replace("\n", ",,\n").encode(),
        ("\n" + CSV + ",,,,,,,\n\n").encode(),
        CSV.replace("layanan|publik", '"layanan, publik"').encode(),
        CSV.replace("layanan|publik", "layanan;publik").encode(),
    ],
)
def test_a_table_as_spreadsheets_write_it(tmp_path: Path, data: bytes) -> None:
    inventory = load_inventory(folder_with(tmp_path, data, "situs.csv"), AT)
    officer = Officer("Nama Petugas")
    organisation = Organisation("dinas-kominfo", "Dinas Kominfo", officer)
    portal, apex = inventory.targets
    assert (portal.organisation, apex.organisation) == (organisation, organisation)
    assert (portal.region, apex.region) == ("6371", "6371")
    assert (portal.tags, portal.se_category) == (("layanan", "publik"), Category.TINGGI)
    assert (portal.connect, portal.level) == (Endpoint("127.0.0.1", 4443), Level.ACTIVE)
    assert (apex.tags, apex.se_category, apex.connect, apex.requested) == ((), None, None, None)


def test_a_table_needs_no_more_than_urls(tmp_path: Path) -> None:
    inventory = load_inventory(folder_with(tmp_path, "url\ncontoh.go.id\n", "situs.csv"), AT)
    assert inventory.targets == (resolve(parse_target("contoh.go.id"), None, None),)


HEAD = "url,organisation,officer,region,tags,se_category,connect,level,service,officer_contact,connect_http\n"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "", "is empty"),
        ("\n\n", "", "is empty"),
        (HEAD, "", "lists no target"),
        ("organisation\nx\n", ":1", "column url is missing"),
        ("url,organisasi\n", ":1:2", "did you mean organisation"),
        ("url,URL\n", ":1:2", "stands twice"),
        ("url,,level\n", ":1:2", "no name"),
        (HEAD + ",Dinas\n", ":2:1", "the row has no url"),
        ("url\na.example,b\n", ":2:2", "longer than the header"),
        (HEAD + "a.example\nhttps://A.example/\n", ":3:1", "is listed twice (first at line 2)"),
        (HEAD + "a.example,,,6399\n", ":2:4", "is not a region code"),
        (HEAD + "a.example,,,,,sangat\n", ":2:6", "unknown word"),
        (HEAD + "a.example,,,,,,x\n", ":2:7", "the port is missing"),
        (HEAD + "a.example,,,,,,,aktif\n", ":2:8", "unknown word"),
        (HEAD + "a.example,,Petugas\n", ":2:3", "needs an organisation"),
        (HEAD + "a.example,D,A\nb.example,D,B\n", ":3:3", "another officer above: A"),
        (HEAD + '"a.example\n', ":2", "not CSV"),
        (HEAD + 'a.example,"x\ny"\n', ":2:2", "line breaks"),
        (HEAD + 'a.example,"x\n\n\ny"\n', ":2:2", "line breaks"),
        (HEAD + "a.example,\x1b[31m\n", ":2:2", "control characters"),
        (HEAD + "http://2130706433\n", ":2:1", "is not an IPv4 address"),
    ],
)
def test_a_faulty_table_says_where(tmp_path: Path, text: str, place: str, said: str) -> None:
    path = folder_with(tmp_path, text, "situs.csv")
    with pytest.raises(InventoryError) as caught:
        load_inventory(path, AT)
    assert caught.value.place == f"{path}{place}"
    assert said in str(caught.value)


def test_a_table_in_another_encoding_says_which_line(tmp_path: Path) -> None:
    path = folder_with(tmp_path, b"url,organisation\na.example,Caf\xe9\n", "situs.csv")
    with pytest.raises(InventoryError, match="is not UTF-8") as caught:
        load_inventory(path, AT)
    assert caught.value.place == f"{path}:2"


@pytest.mark.parametrize("name", ["situs.xls", "situs.txt", "situs"])
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InventoryError, match="neither YAML, CSV nor XLSX"):
        load_inventory(folder_with(tmp_path, "", name), AT)


@pytest.mark.parametrize("name", ["tiada.yaml", "tiada.csv"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(InventoryError, match="file not found"):
        load_inventory(tmp_path / name, AT)


def test_yaml_comes_back_as_it_was(tmp_path: Path) -> None:
    inventory = load_inventory(folder_with(tmp_path, YAML), AT)
    assert load_inventory(folder_with(tmp_path, export_yaml(inventory), "kembali.yaml"), AT) == inventory


def test_a_table_comes_back_as_it_was_in_both_forms(tmp_path: Path) -> None:
    inventory = load_inventory(folder_with(tmp_path, CSV, "situs.csv"), AT)
    assert load_inventory(folder_with(tmp_path, export_csv(inventory), "kembali.csv"), AT) == inventory
    assert load_inventory(folder_with(tmp_path, export_yaml(inventory), "kembali.yaml"), AT) == inventory


def test_what_a_table_can_say_of_yaml_comes_back(tmp_path: Path) -> None:
    inventory = load_inventory(folder_with(tmp_path, YAML), AT)
    back = load_inventory(folder_with(tmp_path, export_csv(inventory), "kembali.csv"), AT)
    said = [
        (t.url, t.region, t.tags, t.se_category, t.connect, t.connect_http, t.requested, t.service)
        for t in back.targets
    ]
    assert said == [
        (t.url, t.region, t.tags, t.se_category, t.connect, t.connect_http, t.requested, t.service)
        for t in inventory.targets
    ]


TEXTS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs"))
        | st.sampled_from(" =+-@'\",;:#{}[]|&*!%"),
        min_size=1,
        max_size=20,
    )
    .map(str.strip)
    .filter(bool)
)
TAGS = TEXTS.filter(lambda text: not set(text) & set(",;|"))


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    organisations = [
        Organisation(
            f"o-{number}",
            draw(TEXTS) + str(number),
            Officer(draw(TEXTS), draw(TEXTS | st.just(""))),
            draw(st.sampled_from(["", "6372"])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    given = draw(st.none() | st.builds(Authorisation, letter=TEXTS, issuer=TEXTS, level=st.sampled_from(list(Level))))
    targets = []
    for organisation in organisations:
        for number in range(draw(st.integers(1, 2))):
            target = replace(
                parse_target(f"s{number}.{organisation.id}.example"),
                organisation=organisation,
                region=organisation.region or "63",
                service=draw(TEXTS | st.just("")),
                tags=tuple(dict.fromkeys(draw(st.lists(TAGS, max_size=3)))),
                se_category=draw(st.none() | st.sampled_from(list(Category))),
                connect=draw(st.none() | st.just(Endpoint("::1", 443))),
            )
            targets.append(resolve(target, given, draw(st.none() | st.sampled_from(list(Level)))))
    letterhead = draw(st.lists(TEXTS, max_size=3).map(tuple))
    return Inventory(draw(TEXTS), "63", given, tuple(targets), letterhead=letterhead)


@given(inventories())
def test_any_inventory_comes_back_from_yaml(tmp_path_factory: pytest.TempPathFactory, inventory: Inventory) -> None:
    path = tmp_path_factory.mktemp("yaml") / "situs.yaml"
    path.write_bytes(export_yaml(inventory))
    assert load_inventory(path, AT) == inventory


@given(inventories())
def test_no_cell_of_an_exported_table_is_a_formula_and_names_come_back(
    tmp_path_factory: pytest.TempPathFactory, inventory: Inventory
) -> None:
    data = export_csv(inventory)
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    path = tmp_path_factory.mktemp("csv") / "situs.csv"
    path.write_bytes(data)
    back = load_inventory(path, AT)
    names = [(t.organisation.name, t.organisation.officer) for t in inventory.targets if t.organisation]
    assert [(t.organisation.name, t.organisation.officer) for t in back.targets if t.organisation] == names
    assert [(t.service, t.tags) for t in back.targets] == [(t.service, t.tags) for t in inventory.targets]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-2", "+62", "'=1", "''-1", "'biasa"])
def test_a_name_that_looks_like_a_formula_comes_back(tmp_path: Path, name: str) -> None:
    target = replace(parse_target("contoh.go.id"), organisation=Organisation("x", name))
    data = export_csv(Inventory("", "", None, (target,)))
    back = load_inventory(folder_with(tmp_path, data, "situs.csv"), AT).targets[0]
    assert back.organisation is not None
    assert back.organisation.name == name


@given(inventories())
def test_a_workbook_holds_the_same_table_as_the_csv(
    tmp_path_factory: pytest.TempPathFactory, inventory: Inventory
) -> None:
    folder = tmp_path_factory.mktemp("xlsx")
    (folder / "situs.csv").write_bytes(export_csv(inventory))
    (folder / "situs.xlsx").write_bytes(export_xlsx(inventory))
    assert load_inventory(folder / "situs.xlsx", AT) == load_inventory(folder / "situs.csv", AT)


def test_a_sheet_filled_in_by_hand_has_numbers_and_empty_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["URL", "Organisation", None, "Region", "SE category"],
        [None] * 5,
        ["contoh.go.id", "Dinas Contoh", None, 6371, "tinggi"],
    ):
        sheet.append(row)
    sheet.delete_cols(3)
    book.save(tmp_path / "situs.xlsx")
    (target,) = load_inventory(tmp_path / "situs.xlsx", AT).targets
    assert (target.host, target.region, target.se_category) == ("contoh.go.id", "6371", Category.TINGGI)


def test_an_error_names_the_cell_of_the_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["url", "se_category"])
    sheet.append(["contoh.go.id", "genting"])
    book.save(tmp_path / "situs.xlsx")
    with pytest.raises(InventoryError, match=r"situs\.xlsx:2:2"):
        load_inventory(tmp_path / "situs.xlsx", AT)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="not a workbook"):
        load_inventory(folder_with(tmp_path, b"PK\x03\x04 no more", "situs.xlsx"), AT)
