"""Files that must not be readable, and what proves that one is: the room for signatures.

Proof is positive and by content. A status, a length or a content type proves nothing: error pages, login pages and
tutorials come with all of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

PROOF = 4_096
"""Bytes that are read of a file: enough to prove what it is, too few to take it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One kind of file: where it lies when deployed by mistake, and its proof over the first `PROOF` bytes.

    `hints` says of a body that is not proven whether it could still be such a file.
    """

    fact: str
    doc: str
    paths: tuple[str, ...]
    proves: Callable[[bytes], bool]
    hints: Callable[[bytes], bool]


_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<|<(?:!doctype|html|head|body)\b", re.IGNORECASE)

_HEAD = re.compile(rb"\s*(?:ref: refs/[^\s\x00-\x1f]{1,240}|[0-9a-f]{40}|[0-9a-f]{64})\s*")

_LINE = re.compile(rb"^[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_.]{0,63})[ \t]*=", re.MULTILINE)
_ENV_KEY = re.compile(
    rb"""(?:APP|DB|DATABASE|MYSQL|MARIADB|POSTGRES|PG|MONGO|REDIS|MEMCACHED|SESSION|CACHE|QUEUE|BROADCAST|FILESYSTEM
    |MAIL|SMTP|MAILGUN|AWS|S3|MINIO|GOOGLE|FIREBASE|PUSHER|VITE|MIX|NODE|REACT_APP|NEXT_PUBLIC|NUXT|JWT|OAUTH|SSO|LDAP
    |API|SECRET|STRIPE|MIDTRANS|XENDIT|TWILIO|TELEGRAM|WHATSAPP|FONNTE|RECAPTCHA|SENTRY|DJANGO|FLASK|RAILS|LOG|WP|CI|HASHIDS
    |DOCKER|KAFKA|RABBITMQ|ELASTICSEARCH|ELASTIC|SOLR|BPJS|SATUSEHAT|SIPD|DUKCAPIL|BSRE|TTE)_[A-Z0-9_]+
    |DEBUG|SECRET|SECRET_KEY|DATABASE_URL|REDIS_URL|PORT|HOST|CI_ENVIRONMENT
    |(?:app|database|encryption|session|email|logger|security|cookie)\.[A-Za-z0-9_.]+""",
    re.VERBOSE,
)
"""Keys as Laravel, CodeIgniter 4 (dotted), Django, Node and container files write them."""


def is_markup(data: bytes) -> bool:
    """Whether it is a page; a value that holds a tag does not make it one."""
    return _MARKUP.search(data) is not None


def is_git_head(data: bytes) -> bool:
    """`ref: refs/...`, or a bare object id of SHA-1 or SHA-256 length (gitrepository-layout, HEAD)."""
    return _HEAD.fullmatch(data) is not None


def is_env(data: bytes) -> bool:
    """Two or more different assignments with keys that such files have, and no markup."""
    if is_markup(data) or b"\x00" in data:
        return False
    return len({match["key"] for match in _LINE.finditer(data) if _ENV_KEY.fullmatch(match["key"])}) >= 2


def hints_git(data: bytes) -> bool:
    """Speaks of refs, but not in the form of a HEAD file."""
    return b"ref:" in data[:64] and not is_markup(data)


def hints_env(data: bytes) -> bool:
    """Text with an assignment, which may be a file of other keys."""
    return not is_markup(data) and b"\x00" not in data and _LINE.search(data) is not None


SIGNATURES = (
    Signature(
        "exposure.git",
        "A Git repository is readable, and with it the source code and its history",
        ("/.git/HEAD",),
        is_git_head,
        hints_git,
    ),
    Signature(
        "exposure.env",
        "An environment file with settings and, as a rule, passwords is readable",
        ("/.env", "/.env.local", "/.env.production", "/.env.bak"),
        is_env,
        hints_env,
    ),
)
