"""Names and versions of JavaScript libraries, and how versions compare."""

import pytest

from checks.content import libraries
from checks.content.libraries import at_or_above, by_address, by_content


@pytest.mark.parametrize(
    ("version", "other", "above"),
    [
        ("1.12.4", "1.12.4", True),
        ("1.12.4", "1.9.0", True),
        ("1.9.0", "1.12.4", False),
        ("3.5", "3.5.0", True),
        ("3.0.0-rc.1", "3.0.0", False),
        ("3.0.0", "3.0.0-rc.1", True),
        ("1.9.0b1", "1.9.0b1", True),
        ("99999999999999999999", "1", False),  # no number that anybody releases
    ],
)
def test_versions_compare_part_by_part(version: str, other: str, *, above: bool) -> None:
    assert at_or_above(version, other) is above


@pytest.mark.parametrize(
    ("url", "name", "version"),
    [
        ("https://x.go.id/js/jquery-1.12.4.min.js", "jquery", "1.12.4"),
        ("https://x.go.id/js/jquery-1.12.4.js?x=1", "jquery", "1.12.4"),
        ("https://code.jquery.com/jquery-3.5.0-beta1.js", "jquery", "3.5.0-beta1"),
        ("https://cdnjs.cloudflare.com/ajax/libs/jquery/2.1.1/jquery.min.js", "jquery", "2.1.1"),
        ("https://cdnjs.cloudflare.com/ajax/libs/moment.js/2.18.1/moment.min.js", "moment.js", "2.18.1"),
        ("https://maxcdn.bootstrapcdn.com/bootstrap/3.4.1/js/bootstrap.min.js", "bootstrap", "3.4.1"),
        ("https://unpkg.com/vue@2.6.10/dist/vue.js", "vue", "2.6.10"),
        ("https://ajax.googleapis.com/ajax/libs/angularjs/1.6.9/angular.min.js", "angularjs", "1.6.9"),
    ],
)
def test_addresses_tell_versions(url: str, name: str, version: str) -> None:
    assert [(library.name, library.version) for library in by_address(url)] == [(name, version)]


@pytest.mark.parametrize(
    "url",
    [
        "https://x.go.id/js/app.js",
        "https://x.go.id/2014/10/1/x.js",
        "https://x.go.id/jquery.js",
        "https://unpkg.com/vue@3",
    ],
)
def test_addresses_that_tell_none(url: str) -> None:
    assert list(by_address(url)) == []


def test_weaknesses_are_those_of_the_version() -> None:
    (old,) = by_content("/*! jQuery v3.4.1 | (c) JS Foundation and other contributors */")
    (new,) = by_content("/*! jQuery v3.7.1 | (c) OpenJS Foundation and other contributors */")
    assert {"CVE-2020-11022", "CVE-2020-11023"} <= set(old.known)  # fixed in 3.5.0
    assert "CVE-2019-11358" not in old.known  # fixed in 3.4.0
    assert (new.known, new.severity) == ((), "none")


def test_every_pattern_of_the_data_can_be_read() -> None:
    for entry in libraries._known().values():
        for place in ("uri", "filename", "filecontent"):
            for word, pattern in entry.get(place, ()):
                assert word == word.lower()
                assert libraries._compiled(pattern).groups >= 1
        assert all(severity in libraries.SEVERITIES for _, _, severity, _ in entry["vulnerabilities"])
