"""Electronic signatures of BSrE (Balai Sertifikasi Elektronik, BSSN) on PDF reports, by its e-Sign service, v1 and v2.

The service signs PDF alone; the machine report goes along because it is attached to it. A person's signature takes the
person's passphrase each time and keeps it nowhere; the agency's seal takes a one-time code that is exchanged for the
next at each use, so that it can be put on by scheduled runs.
"""

from auditor.trust.bsre.account import Account as Account
from auditor.trust.bsre.account import read_account as read_account
from auditor.trust.bsre.service import Judgement as Judgement
from auditor.trust.bsre.service import Service as Service
from auditor.trust.bsre.service import SignatureInformation as SignatureInformation
