"""Make every personal number and secret in a text unreadable.

The writer of evidence puts every remote text through here, whatever the check did: a NIK also arrives in a
redirect, a cookie or a URL query. Hiding too much is better than leaking; only what evidence stands on is never
touched: digests, serial numbers, IP addresses, times, versions, header values.

    637101xxxxxx****        NIK, KK: region of first registration, nothing else
    [npwp] [nip] [phone] [card] [passport] [number] [date]
    [email]@contoh.go.id    the domain stays
    [hidden]                secrets: passwords, tokens, keys, session ids
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import accumulate, pairwise
from urllib.parse import unquote

from auditor import regions
from auditor.identifiers import luhn, parse_mrz, parse_nik, parse_nip, parse_npwp, parse_phone
from auditor.secretforms import Told, forms

_HIDDEN = "[hidden]"
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Masker:
    """Masking for one run. Without a key, tags are keyed with a random one that dies with the process."""

    key: bytes | None = field(default=None, repr=False)
    _key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", self.key or secrets.token_bytes(32))

    @property
    def tag_key(self) -> bytes:
        """The key of the tags, for a process of ours that makes them where the value is."""
        return self._key

    def text(self, text: str, /) -> str:
        """The text with each personal number and secret made unreadable. The key has no part in it."""
        return mask_text(text)

    def tag(self, value: str) -> str:
        """HMAC-SHA256 of a value, 16 hex digits: tells equal values from different ones without holding them.

        Never a plain hash: the 12 digits of a NIK after its region are guessed in seconds.
        """
        return hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]


def mask_text(text: str) -> str:
    """The text with each personal number and secret made unreadable; idempotent, time linear in its length.

    Where something shows only after percent-decoding, entity decoding or NFKC, the decoded text is masked and
    returned. What is still encoded after `_ROUNDS` decodings is hidden whole.
    """
    for _ in range(_ROUNDS):
        masked = _mask(text)
        if masked == text:
            masked = _mask_decoded(text)
        if masked == text:
            return text
        text = masked  # a mark may have taken away the neighbour that hid the next value
    return _HIDDEN


def _mask_decoded(text: str) -> str:
    plain = text
    for _ in range(_ROUNDS):
        decoded = _decoded(plain)
        if decoded == plain:
            return text
        if (masked := _mask(decoded)) != decoded:
            return masked
        plain = decoded
    return _HIDDEN


def _decoded(text: str) -> str:
    if "%" in text:
        text = unquote(text)
    if "&" in text and ";" in text:
        text = unescape(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _mask(text: str) -> str:
    lowered = text.lower()
    for words, pattern, replace in _TEXT_RULES:
        if any(word in lowered for word in words):
            text = pattern.sub(replace, text)
    return _mask_numbers(text)


# ---- secrets, addresses and labelled values ------------------------------------------------------------------
# Every pattern is linear: it starts at a boundary of the very class that it then runs through (or is bounded),
# so no text makes it start over inside what it has already read.

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r".*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)

# Formats that their issuers document; a prefix is enough, so that a token cut short is hidden too.
_TOKEN = re.compile(
    r"A[KS]IA[0-9A-Z]{16}"  # AWS; its other prefixes also occur in digests
    r"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w\-]{16,}"
    r"|AIza[\w\-]{30,}|ya29\.[\w\-]{16,}|GOCSPX-[\w\-]{16,}"  # Google
    r"|xox[a-z]-[\w\-]{8,}|xapp-[\w\-]{8,}"  # Slack
    r"|[srp]k_live_[A-Za-z0-9]{10,}|npm_[A-Za-z0-9]{30,}|hooks\.slack\.com/services/[\w/]{8,}"
    r"|(?<![0-9])[0-9]{8,10}:AA[\w\-]{30,}"  # Telegram bot
    r"|(?<![\w\-])SG\.[\w\-]{10,}+(?:\.[\w\-]++)?"  # SendGrid
    r"|(?<![\w\-])eyJ[\w\-+/]{8,}+=*(?:\.[\w\-]++){0,4}"  # JWT, JWE, cookies holding JSON in base64
)

_URL_LOGIN = re.compile(r"(?<=://)[^\s/?#\"'<>]+@")
_AUTHORIZATION = re.compile(
    r"((?<![\w\-])(?:proxy-)?authorization[\"']?\s{0,4}[:=]\s{0,4}[\"']?)[^\r\n\"']+", re.IGNORECASE
)
_BEARER = re.compile(r"(\bBearer[ +]{1,4})[\w.~+/=\-]{12,}", re.IGNORECASE)

_STRONG_NAMES = (
    r"passw|passphrase|pwd|(?<![a-z])(?:sandi|pass)(?![a-z])|secret|credential|connection_?string"
    r"|(?:api|access|private|auth|app|encryption|signing|account|master)[_.\-]?key"
)
_LOOSE_NAMES = r"token|sess(?:ion)?_?id|session|(?<![a-z])(?:sid|sess|otp|pin)(?![a-z])|cfid|jwt|remember_"
# Permissions-Policy and HPKP speak of credentials without holding any.
_HARMLESS_NAMES = r"(?:publickey|identity|otp)-credentials|private-state-token|pin-sha256"
_OPEN = r"(?:\\?[\"'])?+"
_VALUE = r"(?!\[hidden\](?:[\s&;\"'<>]|\Z))(?:(?<=\")[^\"\r\n]+|(?<=')[^'\r\n]+|[^\s&;\"'<>]+)"
_DAY = r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9])"


def _assignment(names: str, separator: str, value: str) -> re.Pattern[str]:
    return re.compile(
        rf"((?<![\w.\-])(?!{_HARMLESS_NAMES})(?=[\w.\-]*?(?:{names}))[\w.\-]++{separator}){value}", re.IGNORECASE
    )


_STRONG_ASSIGNMENTS = (
    _assignment(_STRONG_NAMES, rf"{_OPEN}\]?\s{{0,4}}(?:=>|[:=]+)\s{{0,4}}{_OPEN}", _VALUE),
    _assignment(_STRONG_NAMES, r"[\"']\s{0,4},\s{0,4}\\?[\"']", _VALUE),  # define('DB_PASSWORD', '...')
)
_LOOSE_ASSIGNMENTS = (
    _assignment(_LOOSE_NAMES, rf"{_OPEN}\]?\s{{0,4}}=>?\s{{0,4}}{_OPEN}", _VALUE),
    _assignment(_LOOSE_NAMES, rf"\\?[\"']\s{{0,4}}:\s{{0,4}}{_OPEN}", _VALUE),
    # `X-CSRF-Token: 1a2b...` is a secret, `session: SameSite missing` is a sentence: a secret has a digit.
    _assignment(_LOOSE_NAMES, rf":\s{{0,4}}(?!{_DAY})(?=[A-Za-z+/_.\-]{{0,80}}[0-9])", r"[^\s&;,\"'<>]{8,}"),
)

_EMAIL = re.compile(r"(?<![\w.+%\-])[\w.+%\-]++@(?=(?:[\w\-]++\.)+[^\W\d_]{2,})")
_MRZ = re.compile(r"(?<![A-Z0-9<])[A-Z0-9<]{44}(?![A-Z0-9<])")
_BIRTH = re.compile(
    r"((?:tanggal|tgl)[_.\- ]?lahir|birth[_\- ]?da(?:te|y)|date[_\- ]?of[_\- ]?birth|(?<![a-z])dob(?![a-z]))"
    r"([^0-9\n\[]{0,12})(?:[0-9]{1,4}[\-/. ](?:[0-9]{1,2}|[a-z]{3,9})[\-/. ][0-9]{2,4}|[0-9]{8})",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"((?:nuptk|bpjs|jkn|rekening|(?<![a-z])no[._ ]{0,2}rek|paspor|passport)\.?[^0-9\n\[.]{0,16}?(?:no\.\s?)?)"
    rf"(?!{_DAY}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}(?![0-9.]))"
    r"(?:(?<![a-z])[a-z]{1,2})?[0-9](?:[ .\-]?[0-9]){5,}+",
    re.IGNORECASE,
)


# A number masked so weakly that it can be completed is hidden like a whole one.
_WEAK = re.compile(
    r"(?<![0-9A-Za-z])(?:([0-9]{6})[0-9]{4,9}[*xX#\u2022]{1,6}[0-9]{0,4}|[*xX#\u2022]{2,4}[0-9]{12,14})(?![0-9A-Za-z])"
)


def _hide_weak(match: re.Match[str]) -> str:
    if len(match[0]) != 16:
        return match[0]
    return f"{match[1]}xxxxxx****" if match[1] and regions.strength(match[1]) else "[number]"


def _marks(literal: str) -> bool:
    """Characters that mark a token for sure; forms with fewer also occur in digests, paths and addresses."""
    return "/" not in literal and len(literal) >= (3 if literal[-1] in "_-" else 4)


def _issued() -> Iterator[tuple[tuple[str, ...], re.Pattern[str], str]]:
    """Forms of tokens by their issuers, those that a literal of some length marks."""
    for form in forms():
        marked = all(_marks(literal) for literal in form.literals)
        if form.told is Told.ISSUED and marked and form.kind not in _ELSEWHERE:
            pattern = re.compile(f"(?<![A-Za-z0-9])(?:{form.pattern})(?![A-Za-z0-9])", re.ASCII)
            yield form.literals, pattern, _HIDDEN


_ELSEWHERE = frozenset(("private-key", "basic-authorization", "bearer-authorization", "jwt", "laravel-app-key"))
"""Forms that a rule of its own hides, and more of."""


def _hide_mrz(match: re.Match[str]) -> str:
    return "[passport]" if parse_mrz(match[0]) else match[0]


_STRONG_WORDS = ("pass", "pwd", "sandi", "secret", "key", "credential", "connection")
_LOOSE_WORDS = ("token", "sess", "sid", "otp", "pin", "cfid", "jwt", "remember_")
_TOKEN_WORDS = (
    "akia", "asia", "gh", "github", "glpat-", "aiza", "ya29.", "gocspx-", "xox", "xapp-", "k_live_",
    "npm_", "slack.com", ":aa", "sg.", "eyj",
)  # fmt: skip
_TEXT_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (("private key",), _PRIVATE_KEY, _HIDDEN),
    (("://",), _URL_LOGIN, f"{_HIDDEN}@"),
    (_TOKEN_WORDS, _TOKEN, _HIDDEN),
    *_issued(),
    (("*", "x", "#", "\u2022"), _WEAK, _hide_weak),
    (("authorization",), _AUTHORIZATION, rf"\g<1>{_HIDDEN}"),
    (("bearer",), _BEARER, rf"\g<1>{_HIDDEN}"),
    *((_STRONG_WORDS, pattern, rf"\g<1>{_HIDDEN}") for pattern in _STRONG_ASSIGNMENTS),
    *((_LOOSE_WORDS, pattern, rf"\g<1>{_HIDDEN}") for pattern in _LOOSE_ASSIGNMENTS),
    (("@",), _EMAIL, "[email]@"),
    (("<",), _MRZ, _hide_mrz),
    (("lahir", "birth", "dob"), _BIRTH, r"\g<1>\g<2>[date]"),
    (("nuptk", "bpjs", "jkn", "rek", "paspor", "passport"), _LABELLED, r"\g<1>[number]"),
)
"""Words of which one must stand in the text (lower case), what to look for, what to put there, in this order."""


# ---- numbers -------------------------------------------------------------------------------------------------

_GAP = r"[ \t.\-+_()\u00a0\u00ad\u2007-\u2015\u202f\u2060\u2212\ufeff]{0,3}"
_CLUSTER = re.compile(rf"[0-9](?:{_GAP}[0-9])*+")
_RUN = re.compile(r"[0-9]+")

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LONG_HEX = r"(?=[0-9]*+[A-Fa-f])(?:[0-9a-f]{16,}+|[0-9A-F]{16,}+)(?![0-9A-Za-z])"
_APART = re.compile(
    rf"(?<![0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?![0-9]|\.[0-9]|-[0-9]{{3}}[.\-][0-9])"  # IPv4; no NPWP begins so
    rf"|(?<![0-9A-Za-z])(?P<hex>{_LONG_HEX})"
    r"|(?<![0-9A-Za-z])(?=[0-9a-f]{8}-)(?=[0-9\-]{0,35}[a-f])"
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])"  # UUID
    r"|(?<![0-9])[0-9]{6}x{6}\*{4}"  # our own mark
)
_DIGEST_LENGTHS = frozenset({40, 56, 64, 96, 128})
"""SHA-1 and SHA-2 in hexadecimal. Not MD5's 32: too short to tell from a NIK beside a few hexadecimal digits."""

_CARD = re.compile(r"4[0-9]{12}(?:[0-9]{3}){0,2}|(?:5[1-5]|2[2-7]|35|6[0-9])[0-9]{14}|6[0-9]{16,18}|3[47][0-9]{13}")
_NIK_ANYWHERE = re.compile(r"(?=([1-9][0-9]{5}[0-7][0-9][01][0-9]{7}))")
_PHONE_START = re.compile(r"08|620?8")


def _mask_numbers(text: str) -> str:
    """Mask digits everywhere but inside IP addresses, digests and long hexadecimal words."""
    pieces, done = [], 0
    for found in _APART.finditer(text):
        pieces.append(_CLUSTER.sub(_mask_cluster, text[done : found.start()]))
        pieces.append(_mask_hex(found[0]) if found["hex"] else found[0])
        done = found.end()
    pieces.append(_CLUSTER.sub(_mask_cluster, text[done:]))
    return "".join(pieces)


def _mask_hex(word: str) -> str:
    """A digest stays; in any other hexadecimal word a NIK is a NIK, all other numbers are chance."""
    turns = sum(left.isdecimal() != right.isdecimal() for left, right in pairwise(word))
    if len(word) in _DIGEST_LENGTHS and turns >= len(word) // 4:
        return word
    return _RUN.sub(lambda run: _mask_run(run[0]), word)


def _mask_run(run: str) -> str:
    """Mask every NIK in a run of digits, wherever it begins."""
    out, copied = [], 0
    for candidate in _NIK_ANYWHERE.finditer(run) if len(run) >= 16 else ():
        place = candidate.start()
        if place >= copied and (nik := parse_nik(candidate[1])):
            out += [run[copied:place], f"{nik.region}xxxxxx****"]
            copied = place + 16
    return "".join([*out, run[copied:]])


def _mask_cluster(match: re.Match[str]) -> str:
    """Mask the numbers in a sequence of digit runs with small gaps between them.

    A NIK is found anywhere in a run; across gaps, every number begins and ends with a run.
    """
    text = match[0]
    if len(text) < 10:
        return text
    runs = [found.span() for found in _RUN.finditer(text)]
    starts = list(accumulate((end - begin for begin, end in runs), initial=0))
    digits = "".join([text[begin:end] for begin, end in runs])
    bounds = frozenset(starts)
    out, copied, index = [], 0, 0
    while index < len(runs):
        length, mark = _number_at(digits, index, starts, bounds)
        after = bisect_left(starts, starts[index] + length) if length else index + 1
        begin, end = runs[index]
        if length or end - begin >= 16:
            out += [text[copied:begin], mark or _mask_run(text[begin:end])]
            copied = runs[after - 1][1]
        index = after
    return "".join([*out, text[copied:]])


def _number_at(digits: str, index: int, starts: list[int], bounds: frozenset[int]) -> tuple[int, str]:
    """Length and mark of the number that begins with the run at `index` and ends with a run; 0 for none."""
    place = starts[index]
    if place + 16 in bounds and (nik := parse_nik(digits[place : place + 16])):
        return 16, f"{nik.region}xxxxxx****"
    if place + 18 in bounds and parse_nip(digits[place : place + 18]):
        return 18, "[nip]"
    for shape, is_kind, mark in _SHAPES.get(starts[index + 1] - place, ()):
        length = sum(shape)
        edges = starts[index : index + len(shape) + 1]
        if tuple([end - begin for begin, end in pairwise(edges)]) == shape and is_kind(digits[place : place + length]):
            return length, mark
    if _PHONE_START.match(digits, place) and (starts[index + 1] - place >= 3 or digits[place] == "6"):
        for length in (15, 14, 13, 12, 11, 10):
            if place + length in bounds and _is_phone(digits[place : place + length]):
                return length, "[phone]"
    return 0, ""


def _is_card(digits: str) -> bool:
    return bool(_CARD.fullmatch(digits)) and luhn(digits)


def _is_phone(digits: str) -> bool:
    # +62 (0)812: the trunk zero is often left in.
    return parse_phone("62" + digits[3:] if digits.startswith("620") else digits) is not None


_SHAPES: dict[int, tuple[tuple[tuple[int, ...], Callable[[str], object], str], ...]] = {
    2: (((2, 3, 3, 1, 3, 3), parse_npwp, "[npwp]"),),
    4: (((4, 4, 4, 4), parse_npwp, "[npwp]"), ((4, 4, 4, 4), _is_card, "[card]"), ((4, 6, 5), _is_card, "[card]")),
    9: (((9, 3, 3), parse_npwp, "[npwp]"), ((9, 6), parse_npwp, "[npwp]")),
    15: (((15,), parse_npwp, "[npwp]"), ((15,), _is_card, "[card]")),
    16: (((16,), parse_npwp, "[npwp]"), ((16,), _is_card, "[card]")),
    **{length: (((length,), _is_card, "[card]"),) for length in (13, 17, 18, 19)},
}
"""By the length of the first run: how a number is grouped, what proves it, its mark."""
