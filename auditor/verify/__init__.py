"""Is this bundle whole, signed by someone trusted, and do its verdicts follow from its evidence?

Every question is a `Check` of its own, and all are asked: a reader of a failed bundle wants to know everything that
is wrong with it. What is in the bundle is hostile until proven otherwise: nothing in it raises out of here, and
trust anchors are never taken from it.
"""

from auditor.verify.asking import Check as Check
from auditor.verify.asking import Verification as Verification
from auditor.verify.questions import Reader as Reader
from auditor.verify.questions import verify as verify
from auditor.verify.questions import verify_paper as verify_paper
