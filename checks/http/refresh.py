"""Where a page itself sends its visitors on: by a meta element, or by a script that does nothing else.

HTML Standard, "shared declarative refresh steps". Neither is a redirect: fields such as Strict-Transport-Security of
the page it leads to are seen later, and a crawler or an API client stays where it is.
"""

import re
from urllib.parse import urljoin, urlsplit

from auditor.net import Response

from .page import Page, is_html, read_page

THIN_TEXT = 300
"""Characters of visible text up to which a page that sends on by script is taken for nothing else."""
LONGEST_SCRIPT = 20_000

_REFRESH = re.compile(
    r"""[\t\n\f\r ]*(?:[0-9]+[0-9.]*|\.[0-9.]*)(?:[;,]|[\t\n\f\r ])[\t\n\f\r ]*[;,]?[\t\n\f\r ]*
    (?:url[\t\n\f\r ]*=[\t\n\f\r ]*)?(?P<rest>.+)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SCRIPT = re.compile(
    r"""\blocation(?:\.href)?\s*=\s*(?P<quote>["'])(?P<to>[^"'\s<>]{1,2000})(?P=quote)
    |\blocation\.(?:replace|assign)\(\s*(?P<mark>["'])(?P<there>[^"'\s<>]{1,2000})(?P=mark)""",
    re.VERBOSE,
)


def by_meta(response: Response) -> str:
    """Absolute address that a Refresh field or the page's first meta refresh leads to; empty where there is none."""
    if field := response.first("refresh"):
        found = _REFRESH.fullmatch(field)
        return _absolute(response, _unquoted(found["rest"])) if found else ""
    if not is_html(response):
        return ""
    for meta in read_page(response).metas:
        if meta.get("http-equiv").lower() == "refresh":
            found = _REFRESH.fullmatch(meta.get("content"))
            return _absolute(response, _unquoted(found["rest"])) if found else ""
    return ""


def by_script(response: Response) -> str:
    """Absolute address that the script of an otherwise empty page leads to; empty where there is none."""
    page = read_page(response) if is_html(response) else Page()
    if len(page.text) > THIN_TEXT or len(page.scripts) > LONGEST_SCRIPT:
        return ""
    found = _SCRIPT.search(page.scripts)
    return _absolute(response, found["to"] or found["there"]) if found else ""


def _unquoted(text: str) -> str:
    """What stands in quotes up to the closing one, or the whole."""
    return text[1:].partition(text[0])[0] if text[0] in "\"'" else text


def _absolute(response: Response, reference: str) -> str:
    try:
        url = urljoin(response.url, reference.strip())
        usable = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return ""
    return url if usable and url.partition("#")[0] != response.url.partition("#")[0] else ""
