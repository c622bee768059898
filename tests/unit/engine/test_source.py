"""YAML read strictly, with the place of everything that is wrong."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor import source
from auditor.errors import InputError, InventoryError, PolicyError
from auditor.model import Severity
from auditor.source import MAX_BYTES, MAX_DEPTH, Node, chosen, distinct, listed, read, schema_one


def top(text: str) -> Node:
    return read(text.encode(), "f.yaml")


def value(text: str) -> Node:
    return top(f"x: {text}").entries("x")["x"]


def problem(text: str | bytes) -> str:
    with pytest.raises(PolicyError) as caught:
        read(text.encode() if isinstance(text, str) else text, "f.yaml")
    return str(caught.value)


# Spelling never chooses a type


@pytest.mark.parametrize(
    "text",
    ["no", "on", "Yes", "012", "0x1F", "1_000", "12:30", "2026-01-01", "1.5", "1e3", ".inf", "True", "6371", "true"],
)
def test_text_is_what_was_written(text: str) -> None:
    assert value(text).text() == text
    assert value(f'"{text}"').text() == text


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "True", "TRUE", "1", '"true"', "'false'", "[]", "{}", "~"])
def test_only_true_and_false_are_booleans(text: str) -> None:
    assert value("true").boolean() is True
    assert value("false").boolean() is False
    with pytest.raises(PolicyError, match=r"^f\.yaml:1:4: expected (true or false|one value), found"):
        value(text).boolean()


@pytest.mark.parametrize(
    "text", ["012", "0x1F", "0o17", "1_000", "12:30", "1.0", "1e3", "+5", "-0", '"5"', "true", "--5", "५"]
)
def test_only_decimal_integers_are_integers(text: str) -> None:
    assert [value(number).integer() for number in ("0", "-1", "31536000")] == [0, -1, 31536000]
    with pytest.raises(PolicyError, match=r"^f\.yaml:1:4: expected an integer, found"):
        value(text).integer()


def test_an_integer_beyond_any_use_is_refused() -> None:
    with pytest.raises(PolicyError, match="out of range"):
        value("1" + "0" * 13).integer()


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-1-1", "20260101", "2026-W01-1", "22 November 2026", "2026-01-01T00:00:00Z"]
)
def test_a_day_is_written_in_one_way(text: str) -> None:
    assert value("2026-11-22").day() == date(2026, 11, 22)
    with pytest.raises(PolicyError, match=r"^f\.yaml:1:4: expected a day such as"):
        value(text).day()


@pytest.mark.parametrize(
    "text", ["2026-11-22", "2026-11-22 10:00:00", "2026-11-22T10:00:00+07:00", "2026-13-01T00:00:00Z"]
)
def test_a_time_is_written_in_one_way(text: str) -> None:
    assert value("2026-11-22T10:00:00Z").time() == datetime(2026, 11, 22, 10, tzinfo=UTC)
    with pytest.raises(PolicyError, match=r"^f\.yaml:1:4: expected a time such as"):
        value(text).time()


def test_a_plain_scalar_has_the_type_it_looks_like_and_a_quoted_one_is_text() -> None:
    found = [value(text).plain() for text in ("true", "12", "TLSv1.2", '"true"', "'12'", "no", "012")]
    assert found == [True, 12, "TLSv1.2", "true", "12", "no", "012"]


def test_blocks_keep_their_lines() -> None:
    assert value("|\n  server {\n    listen 443;\n  }\n").text() == "server {\n  listen 443;\n}"
    assert value(">-\n  dua\n  baris\n").text() == "dua baris"


@pytest.mark.parametrize("text", ["", "~", "null", '""', "'  '"])
def test_an_empty_value_is_missing(text: str) -> None:
    with pytest.raises(PolicyError, match="the value is missing"):
        value(text).text()


def test_files_of_windows_are_read() -> None:
    entry = read(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - x\r\n", "f.yaml").entries("a", "b")
    assert entry.need("a", Node.integer) == 1
    assert entry["b"].items()[0].place == "f.yaml:3:5"


# What is refused, and where


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: key 'a' stands twice (first at line 1)"),
        ("x: {b: 1, c: 2, b: 3}", "f.yaml:1:17: key 'b' stands twice (first at line 1)"),
        ('a: 1\n"a": 2\n', "f.yaml:2:1: key 'a' stands twice (first at line 1)"),
        ("a: &x 1\n", "f.yaml:1:4: anchors are not allowed"),
        ("a: &x [1]\n", "f.yaml:1:4: anchors are not allowed"),
        ("a: *x\n", "f.yaml:1:4: aliases are not allowed"),
        ("<<: *x\n", "f.yaml:1:5: aliases are not allowed"),
        ("a: !!python/object:os.system x\n", "f.yaml:1:4: tags are not allowed"),
        ("a: !secret x\n", "f.yaml:1:4: tags are not allowed"),
        ("a: !!int 1\n", "f.yaml:1:4: tags are not allowed"),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key must be text"),
        ("? {a: 1}\n: 1\n", "f.yaml:1:3: a key must be text"),
        ("? \n: 1\n", "f.yaml:1:2: the value is missing"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document is not allowed"),
        ("", "f.yaml: is empty"),
        ("# nothing\n", "f.yaml: is empty"),
        ("---\n", "f.yaml: is empty"),
        ("a: \x07\n", "f.yaml:1:4: the character U+0007 is not allowed"),
        ("a: 1\nb: x\x00\n", "f.yaml:2:5: the character U+0000 is not allowed"),
        (b"a: 1\nb: \xff\n", "f.yaml:2:4: is not UTF-8 (save it as UTF-8)"),
        ("a: 1".encode("utf-16"), "f.yaml:1:1: is not UTF-8 (save it as UTF-8)"),
        ("[" * (MAX_DEPTH + 1), f"f.yaml:1:{MAX_DEPTH + 1}: nested too deeply"),
        (b"#" * (MAX_BYTES + 1), "f.yaml: is larger than 4 MiB"),
    ],
)
def test_what_is_refused_is_named_with_its_place(text: str | bytes, said: str) -> None:
    assert problem(text) == said


@pytest.mark.parametrize(
    ("text", "line"),
    [("a:\n\t- b\n", 2), ("a: [1\nb: 2\n", 2), ('a: "x\n', 2), ("a: b: c\n", 1), (": 1\n", 1), ("a: 1\n}\n", 2)],
)
def test_what_is_no_yaml_is_named_with_its_place(text: str, line: int) -> None:
    assert re.match(rf"f\.yaml:{line}:[0-9]+: not YAML: .", problem(text))


def test_a_hundred_thousand_brackets_do_not_exhaust_the_stack() -> None:
    assert "nested too deeply" in problem("[" * 100_000)
    assert "nested too deeply" in problem("- " * 100_000)


@pytest.mark.parametrize("path", ["hilang.yaml", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_named(path: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=re.escape(str(tmp_path / path))):
        read(tmp_path / path)


def test_braces_in_a_file_are_no_placeholders() -> None:
    with pytest.raises(PolicyError, match=r'found "\{x\}"'):
        value('"{x}"').entries()
    with pytest.raises(PolicyError, match=r"unknown key '\{y\}'"):
        top('"{y}": 1').entries("x")


def test_packaged_policies_read_alike_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    def outline(node: Node) -> object:
        if node.is_list:
            return [node.line, *(outline(item) for item in node.items())]
        if node.is_mapping:
            return [node.line, *((key.text(), outline(item)) for key, item in node.mapping())]
        return (node.line, node.content, node.quoted)

    files = sorted((Path(__file__).parents[3] / "policies").glob("*.yaml"))
    assert files
    fast = [outline(read(file)) for file in files]
    monkeypatch.setattr(source, "_LOADER", yaml.SafeLoader)
    assert [outline(read(file)) for file in files] == fast


# The reader


def test_a_schema_is_read_declaratively() -> None:
    entry = top("schema: 1\nnames: [a, b]\nseverity: high\n").entries("schema", "names", "severity", "more")
    assert entry.need("schema", schema_one) == 1
    assert entry.need("names", listed(Node.text)) == ("a", "b")
    assert entry.get("severity", chosen(Severity), Severity.LOW) is Severity.HIGH
    assert entry.get("more", Node.text, "none") == "none"
    assert "names" in entry
    assert "more" not in entry


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nseverty: high\n", "f.yaml:2:1: unknown key 'severty' (did you mean severity?)"),
        ("a: 1\nzzz: 1\n", "f.yaml:2:1: unknown key 'zzz' (there are: a, schema, severity)"),
        ("a: 1\n", "f.yaml:1:1: key severity is missing"),
        ("a: 1\nseverity: hihg\n", "f.yaml:2:11: unknown word 'hihg' (did you mean high?)"),
        ("severity: {high: 1}\n", "f.yaml:1:11: expected one value, found a mapping"),
        ("[a]", "f.yaml:1:1: expected a mapping, found a list"),
        ("a: 1\nseverity: high\nschema: 2\n", "f.yaml:3:9: unknown schema 2 (this version reads schema 1)"),
    ],
)
def test_what_does_not_fit_the_schema_is_named_with_its_place(text: str, said: str) -> None:
    def read_entry(node: Node) -> None:
        entry = node.entries("a", "severity", "schema")
        entry.need("severity", chosen(Severity))
        entry.get("schema", schema_one, 1)

    with pytest.raises(PolicyError) as caught:
        read_entry(top(text))
    assert str(caught.value) == said


def test_a_word_unlike_any_of_many_is_named_without_a_hint() -> None:
    words = [f"kata{number}" for number in range(17)]
    assert str(value("zzz").unknown("unknown word {word}", "zzz", words)) == "f.yaml:1:4: unknown word 'zzz'"
    assert str(value("zzz").unknown("unknown word {word}", "kata", words)).startswith(
        "f.yaml:1:4: unknown word 'kata' (did you mean kata"
    )


def test_a_list_of_names_holds_each_once() -> None:
    assert distinct(value("[a, b]")) == ("a", "b")
    with pytest.raises(PolicyError, match=r"^f\.yaml:1:8: 'a' stands twice"):
        distinct(value("[a, a]"))
    with pytest.raises(PolicyError, match=r"^f\.yaml:1:4: expected a list, found a"):
        distinct(value("a"))


def test_errors_are_of_the_class_asked_for() -> None:
    with pytest.raises(InventoryError, match=r"^sites\.yaml:1:4: anchors"):
        read(b"a: &x 1", "sites.yaml", InventoryError)
    with pytest.raises(InventoryError, match=r"^sites\.yaml:1:1: unknown key"):
        read(b"a: 1", "sites.yaml", InventoryError).entries("bbb")


@given(
    st.one_of(st.binary(max_size=60), st.text(alphabet="ab:- \n{}[],&*!|>'\"#?%@`\t\\~0", max_size=60).map(str.encode))
)
def test_nothing_but_a_node_or_an_error_comes_of_any_bytes(data: bytes) -> None:
    try:
        found = read(data, "f.yaml").place
    except InputError as error:
        found = str(error)
    assert found.startswith("f.yaml")
