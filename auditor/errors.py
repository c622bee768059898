"""The one error tree.

AuditorError                  shown as one line; `exit_code` is what the command ends with
├── InputError        (2)     something the operator wrote is wrong: place, message, hint
│   ├── TargetError           a URL, --connect, --authorisation
│   ├── InventoryError        the inventory file
│   ├── PolicyError           a policy, waiver, attestation or selftest file
│   ├── KeyFileError          a signing key cannot be used
│   ├── BundleError   (4)     a bundle on disk is not what it should be
│   ├── TimeStampError (3)    a time stamp was asked for and could not be had
│   ├── BsreError     (3)     the e-Sign service cannot be reached, or refuses
│   └── LogError      (3)     a transparency log cannot be added to, or is not what it was
├── PluginError       (2)     a check or renderer cannot be loaded, or two claim the same name
└── Unobserved                raised by `auditor.net` towards checks: no answer, and the absence to record
"""

from collections.abc import Callable

from auditor.model import Absence


class AuditorError(Exception):
    """Root of everything this project raises on purpose."""

    exit_code = 2


class InputError(AuditorError):
    """Wrong input.

    `message` and `hint` are English sentences with `{name}` placeholders for `values`, so that the command line
    can say them in the officer's language; `place` is `file`, `file:line:col` or an option.
    """

    def __init__(self, message: str, *, place: str = "", hint: str = "", **values: object) -> None:
        self.message, self.place, self.hint, self.values = message, place, hint, values
        super().__init__(self.shown(lambda text: text.format(**values) if values else text))

    def shown(self, fill: Callable[[str], str]) -> str:
        """One line: place, message and hint, each sentence filled in (or translated) by `fill`."""
        head = f"{self.place}: {fill(self.message)}" if self.place else fill(self.message)
        return f"{head} ({fill(self.hint)})" if self.hint else head


class TargetError(InputError):
    """A target that cannot be understood or may not be scanned."""


class InventoryError(InputError):
    """An inventory file that cannot be used."""


class PolicyError(InputError):
    """A policy, waiver, attestation or selftest file that cannot be used."""


class PluginError(InputError):
    """A plug-in that cannot be loaded or that clashes with another; names the distributions."""


class KeyFileError(InputError):
    """A signing key that is missing, unreadable, unprotected or too weak."""


class BundleError(InputError):
    """A bundle that is incomplete, unreadable or not in its format."""

    exit_code = 4


class TimeStampError(InputError):
    """A time stamp that was asked for and could not be had: the report is not sealed without it."""

    exit_code = 3


class BsreError(InputError):
    """BSrE's e-Sign service cannot be reached, or refuses."""

    exit_code = 3


class LogError(InputError):
    """A transparency log that cannot be used, or that contradicts itself."""

    exit_code = 3


class Unobserved(AuditorError):  # noqa: N818 - an absence, not a fault of ours
    """The network gave no usable answer.

    A check may catch it to say something finer; when it does not, the scan records `reason` for every fact
    that the check has not yet accounted for.
    """

    def __init__(self, reason: Absence, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
