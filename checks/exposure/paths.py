"""Where files lie by mistake: path templates, and names of the same shape that nobody has."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from urllib.parse import urljoin, urlsplit

from auditor.net import Response

from ..http.page import read_page

HOME = "{home}"
"""The home page itself, which is there already."""
MISSING = "{missing}"
"""The answer for a name that does not exist."""

PAGE = "{page}"
"""Every page and file of the crawl, which every check shares."""
AT_REST = frozenset((HOME, MISSING, PAGE))
"""What costs no request."""

MOST: Mapping[str, int] = {"host": 1, "label": 1, "today": 1, "base": 1, "script": 6, "folder": 8}
"""Words of templates, and how many values each has at most on one site.

`host` is the name without www (`dinas.contoh.go.id`), `label` its first label (`dinas`), `today` a day such as
2026-11-26, `base` the folder of the home page where that is not the top one (`/simpeg/`), `script` and `folder` the
paths of scripts and folders of the site's own origin that its pages use, those of the home page first.
"""
_WORD = re.compile(r"\{([a-z]+)\}")
_LITERAL = re.compile(r"[0-9.]+|.*:.*")
_SCRIPT = re.compile(r"/[A-Za-z0-9_.~/-]{1,200}\.m?js")
_FOLDER = re.compile(r"(/[A-Za-z0-9_.~/-]{1,120}/)[^/]*")

_ARCHIVES = frozenset(("zip", "gz", "tgz", "tar", "rar", "7z", "bz2", "xz"))
_SCRIPTS = frozenset(("php", "asp", "aspx", "axd", "jsp", "cgi", "do"))


@dataclass(frozen=True, slots=True)
class Place:
    """A path to ask for; `subject` names it in evidence, and is the same every day."""

    subject: str
    path: str


def words(template: str) -> tuple[str, ...]:
    """The words in braces that a template uses."""
    return tuple(_WORD.findall(template))


def most(template: str) -> int:
    """How many requests a template costs at most on one site."""
    if template in AT_REST:
        return 0
    count = 1
    for word in dict.fromkeys(words(template)):
        count *= MOST[word]
    return count


def known(host: str, home: Response, links: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """What the words of templates stand for on this site; `links` are what its pages refer to."""
    name = host.removeprefix("www.")
    named = not _LITERAL.fullmatch(name)
    base = urlsplit(home.url).path.rpartition("/")[0] + "/"
    used = (*read_page(home).resources, *links)
    taken = [path for address in used if (path := own_path(home.url, address))]
    scripts = dict.fromkeys(path for path in taken if _SCRIPT.fullmatch(path))
    folders = dict.fromkeys(match[1] for path in taken if (match := _FOLDER.fullmatch(path)))
    return {
        "host": (name,) if named else (),
        "label": (name.partition(".")[0],) if named else (),
        "today": (datetime.now(UTC).date().isoformat(),),
        "base": (base,) if base != "/" and _FOLDER.fullmatch(base) else (),
        "script": tuple(scripts)[: MOST["script"]],
        "folder": tuple(folders)[: MOST["folder"]],
    }


def places(template: str, values: Mapping[str, tuple[str, ...]]) -> Iterator[Place]:
    """The paths that a template stands for."""
    names = tuple(dict.fromkeys(words(template)))
    for chosen in product(*(values[name] for name in names)):
        path = subject = template
        for name, value in zip(names, chosen, strict=True):
            path = path.replace(f"{{{name}}}", value)
            if name != "today":
                subject = subject.replace(f"{{{name}}}", value)
        yield Place(subject, path)


def own_path(page: str, address: str) -> str:
    """Path of an address on the page's own origin; empty for any other."""
    try:
        there, here = urlsplit(urljoin(page, address)), urlsplit(page)
    except ValueError:
        return ""
    return there.path if address and (there.scheme, there.netloc) == (here.scheme, here.netloc) else ""


def folder(path: str) -> str:
    """The directory that a path lies in, with its slash at the end."""
    bare = path.partition("?")[0]
    return bare.removesuffix("/").rpartition("/")[0] + "/"


def shape(path: str) -> str:
    """By what servers tell names apart: a dot in front, or the kind of the extension."""
    bare = path.partition("?")[0]
    if any(part.startswith(".") for part in bare.split("/")):
        return "dot"
    name = bare.rpartition("/")[2]
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not extension:
        return "plain" if name or path != bare else "folder"
    if extension in _ARCHIVES:
        return "archive"
    return "script" if extension in _SCRIPTS else "sql" if extension == "sql" else "other"


SHAPES: Mapping[str, str] = {
    "dot": "/.{}",
    "plain": "/{}",
    "folder": "/{}/",
    "script": "/{}.php",
    "other": "/{}.log",
    "sql": "/{}.sql",
    "archive": "/{}.zip",
}
"""Every shape with a name of it that nobody has, in the order of asking: what matters most comes first."""


def neighbour(path: str, word: str) -> str:
    """A name beside a path, in the same directory and of the same shape, made of a random word."""
    bare, mark, query = path.partition("?")
    if mark:
        return f"{bare}?{query.partition('=')[0]}={word}"
    if bare.endswith("/"):
        return f"{folder(bare)}{word}/"
    name = bare.rpartition("/")[2]
    dot = "." if name.startswith(".") else ""
    _, split, suffix = name.removeprefix(".").partition(".")
    return f"{folder(bare)}{dot}{word}{split}{suffix}" + ("~" if name.endswith("~") and not split else "")
