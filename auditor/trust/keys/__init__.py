"""Signing keys: made, read, and refused when they would not survive a reviewer.

What may sign is decided here once: ECDSA P-256 or P-384, or RSA of 3072 bits and more; a certificate signed with
SHA-2, in its validity, meant for signing.

No secret is ever part of an argument list, a representation, a message or a chained traceback.
"""

from auditor.trust.keys.files import Description as Description
from auditor.trust.keys.files import describe as describe
from auditor.trust.keys.files import is_encrypted as is_encrypted
from auditor.trust.keys.files import load as load
from auditor.trust.keys.files import parse as parse
from auditor.trust.keys.issue import EPHEMERAL_NAME as EPHEMERAL_NAME
from auditor.trust.keys.issue import CreatedKey as CreatedKey
from auditor.trust.keys.issue import create as create
from auditor.trust.keys.issue import ephemeral as ephemeral
from auditor.trust.keys.signer import CURVES as CURVES
from auditor.trust.keys.signer import DIGESTS as DIGESTS
from auditor.trust.keys.signer import DOCUMENT_SIGNING as DOCUMENT_SIGNING
from auditor.trust.keys.signer import RSA_BITS as RSA_BITS
from auditor.trust.keys.signer import Meant as Meant
from auditor.trust.keys.signer import Signer as Signer
from auditor.trust.keys.signer import Store as Store
from auditor.trust.keys.signer import algorithm as algorithm
from auditor.trust.keys.signer import fingerprint as fingerprint
from auditor.trust.keys.signer import meant as meant
