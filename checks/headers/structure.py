"""How the Fetch Standard reads header fields that occur more than once.

https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
"""

import re

from auditor.net import Response

_PLAIN = re.compile(r'[^",]*')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)', re.DOTALL)


def get_decode_split(response: Response, name: str) -> tuple[str, ...]:
    """Members of all fields of that name as one comma list, quoted strings whole; empty when none was sent."""
    values = response.values(name)
    return split(", ".join(values)) if values else ()


def split(value: str) -> tuple[str, ...]:
    """Members of a comma list, tabs and spaces around them removed. A list of nothing has one empty member."""
    members, at, member = [], 0, ""
    while True:
        plain = _PLAIN.match(value, at)
        if plain:
            member, at = member + plain.group(), plain.end()
        if at < len(value) and value[at] == '"':
            quoted = _QUOTED.match(value, at)
            if quoted:
                member, at = member + quoted.group(), quoted.end()
                if at < len(value):
                    continue
        members.append(member.strip("\t "))
        member = ""
        if at >= len(value):
            return tuple(members)
        at += 1


def nosniff(response: Response) -> bool:
    """https://fetch.spec.whatwg.org/#determine-nosniff: only the first member of the list counts."""
    members = get_decode_split(response, "x-content-type-options")
    return bool(members) and members[0].lower() == "nosniff"
