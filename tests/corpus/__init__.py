"""Labelled files with and without personal data, secrets and masks: invented, from a seed, impossible.

Serials of NIK and KK are 9xxx, telephone numbers 0812-0000-xxxx, tokens random.
"""

from tests.corpus.cases import Case, cases
from tests.corpus.noise import noise

__all__ = ["Case", "cases", "noise"]
