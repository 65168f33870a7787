"""The proof of a consent: its receipt twice and its lines of the register, in one archive."""

import io
import json
import zipfile

from artists.consent.models import Consent, Use
from artists.consent.receipts import receipt_of
from artists.consent.sheets import row_of, sheet_of
from artists.people.models import Person
from portal.access import require
from portal.audit.chain import record

# The same history packs to the same bytes.
_DATED = (1980, 1, 1, 0, 0, 0)


def export_proof(consent: Consent, *, actor: Person) -> bytes:
    """A ZIP of receipt.json, receipt.pdf, register.json and register.csv; that it was taken is in the record."""
    from artists.consent.paper import paper_of  # the site starts without the printing library

    require("consent.see", actor, consent)
    uses = list(Use.objects.filter(consent=consent).select_related("consent", "clip__artist").order_by("at", "pk"))
    files = {
        "receipt.json": json.dumps(receipt_of(consent), indent=1, ensure_ascii=False).encode(),
        "receipt.pdf": paper_of(consent),
        "register.json": json.dumps([row_of(use) for use in uses], indent=1, ensure_ascii=False).encode(),
        "register.csv": sheet_of(uses).encode(),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DATED), data, zipfile.ZIP_DEFLATED)
    record("consent.export_proof", actor=actor, subject=consent, detail={"uses": len(uses)})
    return written.getvalue()
