"""Which cookies carry a session or a sign-in: by the names that software gives them, else by an unguessable value."""

import math
import re
from collections import Counter
from urllib.parse import unquote

FLOOR_BITS = 64
"""A session identifier has at least this much entropy (OWASP ASVS 4.0.3, V3.2.2); less is not taken for one."""
FLOOR_LENGTH = 16
LONGEST_NAME = 128
"""Characters of a name that are looked at."""
FLOOR_TURNS = 4
"""Changes between letter and digit: random text has them, words, dates and addresses do not."""

_SESSION = re.compile(
    r"""
    PHPSESSID | ci_?sessions?\w* | \w*laravel[_-]session | [\w.\-]*[_.\-]sess(ion)?([_.\-]?(id|token|key|data))?
    | sess(ion)?(_?(id|token|key))? | (connect|express|koa|flask)[.:](sid|sess(ion)?) | [\w\-]*[_.\-]sid | sid
    | S?SESS[0-9a-f]{32}
    | O[JCM]SSID | OPSSID | MoodleSession\w* | wordpress_(logged_in|sec)_\w* | wp_session\w*
    | Senayan(Member|Admin) | admin_logged_in | SLiMS\w* | [0-9a-f]{32} | joomla_remember_me_\w*
    | [JC]SESSIONID\w* | CGISESSID | CFID | CFTOKEN | ASP\.NET_SessionId | ASPSESSIONID[A-Z]{8} | \.ASPX(AUTH|FORMSAUTH)
    | \.AspNet(Core)?\.(Session|Cookies|ApplicationCookie|Identity\.\w+)\w* | FedAuth
    | CAKEPHP | symfony | frontend | adminhtml | fe_typo_user | be_typo_user | yii(2)?[_-]?sess\w* | _identity(-\w+)?
    | remember_(web|user|admin)_\w+ | rememberme | remember([_\-](me|token))?
    | auth(entication|orization)?([_\-]?(id|key|cookie|session))? | log(in|ged[_\-]?in)([_\-]?(id|key|token))?
    | sso([_\-]?(id|key|session|token))? | [\w\-]*php_?sess(ion)?_?id | bearer
    | (access|auth|id|refresh|api|user)[_\-]?token | jwt([_\-]?token)? | oc_sessionPassphrase
    """,
    re.VERBOSE | re.IGNORECASE,
)

_OTHER = re.compile(
    r"""
    .*(csrf|xsrf|antiforgery|requestverification).* | _token
    | (_ga|_gid|_gat|_gcl|_fbp|_fbc|_pk_|_hj|__utm|_clck|_clsk|_ym_|ajs_|mp_|amplitude|__gads|__gpi|_dc_gtm|AMCV|s_vi).*
    | (__cf|_cf|cf_|__ddg|__js_p|incap_ses|visid_incap|nlbi_|ak_bmsc|bm_|_abck|sucuri_).*
    | (AWSALB|aws-waf|datadome|TS01|BIGip|NSC_).*
    | (SERVERID|ROUTEID|stickyses|lb|__tlb|GCLB|ARRAffinity).* | (cookieyes|cookielaw|cmplz|CookieConsent|euconsent).*
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Readable by design, or another's: anti-forgery tokens, statistics, walls, load balancers, consent."""

_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.~:|%]+")
_TURN = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")


def carries_session(name: str, value: str) -> bool:
    """Whether who holds the cookie holds the session."""
    bare = re.sub(r"^__(host|secure)-", "", name, flags=re.IGNORECASE)[:LONGEST_NAME]
    if _OTHER.fullmatch(bare):
        return False
    return _SESSION.fullmatch(bare) is not None or looks_random(unquote(value))


def looks_random(value: str) -> bool:
    """One unbroken token with at least `FLOOR_BITS`, by the frequencies of its own characters."""
    value = value.strip('"')
    if len(value) < FLOOR_LENGTH or not _TOKEN.fullmatch(value):
        return False
    return len(_TURN.findall(value)) >= FLOOR_TURNS and _bits(value) >= FLOOR_BITS


def _bits(value: str) -> float:
    size = len(value)
    return -sum(count * math.log2(count / size) for count in Counter(value).values())
