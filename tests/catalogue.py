"""The message ids used in the code, beside the ones translated: `python -m tests.catalogue` brings the catalogue up to date.

New message ids are added with an empty translation, unused ones are dropped, translations are kept. The suite
(`tests/unit/test_messages.py`) says what is left to translate.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from auditor import facts, plugins

ROOT = Path(__file__).parents[1]
PO = ROOT / "auditor" / "locale" / "id" / "LC_MESSAGES" / "auditor.po"
FOLDERS = ("auditor", "checks", "reports")
SPEAKERS = ("text", "say", "_say")
"""Names under which the code calls `Catalog.text`."""
ERRORS = (
    "InputError",
    "TargetError",
    "InventoryError",
    "PolicyError",
    "PluginError",
    "KeyFileError",
    "BundleError",
    "TimeStampError",
    "LogError",
    "BsreError",
    "_error",
    "error",
    "unknown",
)
HEADER = b"""\
# Indonesian texts of auditor. Message ids are the English sentences in the code:
# `python -m tests.catalogue` adds and drops them, people translate them.
msgid ""
msgstr ""
"Language: id\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
DETAILS = {"Absent": 2, "absent_all": 2, "Unobserved": 1, "Obstacle": 1, "Obscure": 0, "Gap": 1, "Unreadable": 1}
"""Where the detail stands among the arguments."""
DETAIL = "detail"
"""Under this name a detail is also kept before it is given."""


def used() -> Catalog:
    """Every message id in the code and the templates, with the files it stands in; what checks and facts mean, too."""
    found = Catalog()
    for path in sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()):
        match path.suffix:
            case ".py":
                messages: Iterable[str | tuple[str, ...]] = in_python(path.read_text("utf-8"))
            case ".j2":
                spoken = {"text": None, "plural": (1, 2)}
                messages = [entry[1] for entry in extract_from_file("jinja2.ext:babel_extract", path, spoken)]
            case _:
                continue
        for message in messages:
            found.add(message, locations=[(str(path.relative_to(ROOT)), 0)])
    ours = tuple(check for check in plugins.load_checks() if check.plugin.distribution == "auditor")
    for check in ours:
        found.add(check.doc, locations=[("checks", 0)])
    for spec in facts.union(ours).values():
        found.add(spec.doc, locations=[("checks", 0)])
    return found


def in_python(source: str) -> Iterator[str | tuple[str, str]]:  # noqa: C901 - one branch a way of speaking
    """Sentences spoken (`text`, `plural`), errors raised and details of absences, where they are literals.

    Of a detail such as `f"page class: {kind}"`, what stands before the colon.
    """
    tree = ast.parse(source)
    constants = {
        target.id: statement.value.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name) and isinstance(statement.value.value, str)
    }

    def literal(node: ast.expr | None) -> list[str]:
        match node:
            case ast.Constant(value=str(sentence)) if sentence:
                return [sentence]
            case ast.Name(id=name) if name in constants:
                return [constants[name]]
            case ast.IfExp(body=first, orelse=second):
                return literal(first) + literal(second)
            case _:
                return []

    def detail(node: ast.expr | None) -> list[str]:
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(head)), *_]) if head.endswith(": "):
                return [head.removesuffix(": ")]
            case _:
                return literal(node)

    def spoken(call: ast.Call) -> Iterator[str | tuple[str, str]]:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        given: list[ast.expr | None] = [*call.args, None, None, None]
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if name in SPEAKERS:
            yield from literal(given[0])
        elif name == "plural":
            yield from zip(literal(given[0]), literal(given[1]), strict=True)
        elif name in ERRORS:
            yield from literal(given[0]) + literal(named.get("hint"))
        elif name in DETAILS:
            yield from detail(given[DETAILS[name]] or named.get(DETAIL))

    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=kept) if name == DETAIL:
                yield from detail(kept)
            case ast.AnnAssign(target=ast.Name(id=name), value=kept) if name == DETAIL:
                yield from detail(kept)
            case ast.Call():
                yield from spoken(node)


def translated() -> Catalog:
    """The Indonesian catalogue as it stands on disk."""
    if not PO.exists():
        return Catalog(locale="id")
    with PO.open("rb") as file:
        return read_po(file, locale="id")


def merged(old: Catalog, template: Catalog) -> Catalog:
    """The used message ids, sorted, with the translations there are."""
    new = Catalog(locale="id")
    new.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    for message in sorted((entry for entry in template if entry.id), key=key):
        known = old.get(key(message))
        kept = known.string if known is not None and known.pluralizable == message.pluralizable else None
        new.add(message.id, kept, locations=sorted(set(message.locations)))
    return new


def key(message: Message) -> str:
    """The message id, of a plural its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def empty(message: Message) -> bool:
    """Whether nobody has translated it yet."""
    return not (any(message.string) if isinstance(message.string, tuple) else message.string)


def main() -> int:
    """Write the catalogue; the exit code is 1 while something is untranslated."""
    catalogue = merged(translated(), used())
    with PO.open("wb") as file:
        file.write(HEADER)
        write_po(file, catalogue, width=110, omit_header=True, include_lineno=False, ignore_obsolete=True)
    missing = [key(entry) for entry in catalogue if entry.id and empty(entry)]
    sys.stdout.write(f"{len(catalogue)} messages, {len(missing)} to translate\n")
    sys.stdout.writelines(f"  {msgid}\n" for msgid in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
