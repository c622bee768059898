"""What facts about certificates are about: a certificate's place in a chain as sent."""

from collections.abc import Sequence

from .presented import Chain

POSITION = "position"
"""Kind of subject: `leaf`, `1`, `2` ..., of further chains `ec:leaf`, `ec:1` ..."""
LEAF = "leaf"


def subjects(chain: Chain) -> Sequence[str]:
    """The subject of each certificate of a chain."""
    return [f"{chain.prefix}{place or LEAF}" for place in range(len(chain.certificates))]
