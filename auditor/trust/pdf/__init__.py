"""The PDF report's seal: put on, added to, and checked."""

from auditor.trust.pdf.attachment import attached as attached
from auditor.trust.pdf.attachment import carries as carries
from auditor.trust.pdf.picture import BOX as BOX
from auditor.trust.pdf.reading import ARCHIVED as ARCHIVED
from auditor.trust.pdf.reading import BASIC as BASIC
from auditor.trust.pdf.reading import Countersignature as Countersignature
from auditor.trust.pdf.reading import Paper as Paper
from auditor.trust.pdf.reading import check as check
from auditor.trust.pdf.reading import read as read
from auditor.trust.pdf.sealing import FIELD as FIELD
from auditor.trust.pdf.sealing import countersign as countersign
from auditor.trust.pdf.sealing import renew as renew
from auditor.trust.pdf.sealing import seal as seal
