"""Policies named by URL: fetched when they are asked for, and used only if they are the ones that were pinned."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from auditor.errors import PolicyError
from auditor.net import plain
from auditor.policy import pin
from auditor.source import MAX_BYTES


@contextmanager
def fetched(references: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The references, with each URL as a file that is there until the end of the block; its pin stays with it.

    A policy that a mirror serves may extend packaged ones; files beside it are not fetched.

    Raises:
        PolicyError: a URL without a pin, or one that cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="auditor-policy-") as folder:
        yield tuple(
            _fetch(reference, Path(folder) / f"{number}.yaml") if _is_url(reference) else reference
            for number, reference in enumerate(references)
        )


def _is_url(reference: str) -> bool:
    return reference.lower().startswith(("http://", "https://"))


def _fetch(reference: str, file: Path) -> str:
    address, digest = pin(reference)
    if not digest:
        raise PolicyError(
            "a policy from the network needs a pin", place=address, hint="add #sha256= and its digest to the address"
        )
    try:
        answer = plain.session().get(address, allow_redirects=False)
    except requests.RequestException as error:
        raise PolicyError("cannot be fetched: {problem}", place=address, problem=type(error).__name__) from None
    if answer.status_code != requests.codes.ok:
        raise PolicyError("cannot be fetched: {problem}", place=address, problem=f"status {answer.status_code}")
    if len(answer.content) > MAX_BYTES:
        raise PolicyError("is larger than {size} MiB", place=address, size=MAX_BYTES // 1024**2)
    file.write_bytes(answer.content)
    return f"{file}#sha256={digest}"
