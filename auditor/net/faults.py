"""Breaches of HTTP/1 that a response may show and still be read."""

from typing import Literal, get_args

Fault = Literal[
    "bad_chunk",
    "bad_encoding",
    "bare_lf",
    "body_over_cap",
    "conflicting_length",
    "control_bytes",
    "fields_over_cap",
    "header_over_cap",
    "line_without_colon",
    "non_ascii",
    "obs_fold",
    "ratio_over_cap",
    "short_body",
    "slow_body",
    "space_before_colon",
]
"""The grammar (RFC 9112) was broken, the body stopped or did not decode, or one of our caps was passed."""

FAULTS: frozenset[Fault] = frozenset(get_args(Fault))
