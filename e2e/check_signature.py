#!/usr/bin/env python3
"""Checks the signatures of a PDF with pyHanko, a reader that is not ours.

    check_signature.py signed.pdf root.pem [--timestamp]

Exit 0: there is at least one signature; every one is intact and its certificate leads to the given
root; the last covers the whole file and the earlier ones were only followed by further signatures.
With --timestamp every signature must also carry a valid timestamp that leads to the root.
Exit 1: anything else. What was found is printed either way.

Needs pyHanko 0.20 or later (pip install pyhanko).
"""

import argparse
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def check(signature, root, wants_timestamp, is_last):
    """Prints what one signature is worth; answers the list of what is wrong with it."""
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    status = validate_pdf_signature(
        signature,
        signer_validation_context=context,
        ts_validation_context=ValidationContext(trust_roots=[root], allow_fetching=False),
    )
    signer = status.signing_cert.subject.native.get("common_name")
    subfilter = signature.sig_object.get("/SubFilter")
    print(f"{signature.field_name}: {signer} ({subfilter})")
    print(f"  summary: {status.summary()}")
    print(f"  intact: {status.intact}, valid: {status.valid}, trusted: {status.trusted}")
    print(f"  coverage: {status.coverage.name}, changes after: {status.modification_level.name}")
    print(f"  claimed time: {signature.self_reported_timestamp}")
    faults = []
    if not status.intact:
        faults.append("the document was changed")
    if not status.valid:
        faults.append("the signature value does not hold")
    if not status.trusted:
        faults.append("the certificate does not lead to the root")
    if subfilter != "/ETSI.CAdES.detached":
        faults.append("not a PAdES signature")
    if not status.bottom_line:
        faults.append("pyHanko's bottom line is no")
    if is_last and status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        faults.append("the last signature does not cover the whole file")
    if not is_last and status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        faults.append("the signature does not cover its whole revision")
    if status.modification_level > ModificationLevel.FORM_FILLING:
        faults.append("something other than a signature was added later")
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    if "signing_time" in attributes:
        faults.append("signing-time is among the signed attributes (EN 319 142-1 forbids it)")
    for needed in ("content_type", "message_digest", "signing_certificate_v2"):
        if needed not in attributes:
            faults.append(f"the signed attribute {needed} is missing")
    stamp = status.timestamp_validity
    if stamp is not None:
        print(f"  timestamp: {stamp.timestamp}, valid: {stamp.valid}, trusted: {stamp.trusted}")
    if wants_timestamp and not (stamp is not None and stamp.valid and stamp.intact and stamp.trusted):
        faults.append("no valid timestamp that leads to the root")
    for fault in faults:
        print(f"  FAULT: {fault}")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdf")
    parser.add_argument("root", help="certificate of the root, PEM or DER")
    parser.add_argument("--timestamp", action="store_true", help="ask for timestamps too")
    arguments = parser.parse_args()
    # pyHanko logs a stack trace for every certificate that it refuses; the faults say it shorter.
    logging.disable(logging.CRITICAL)
    root = load_cert_from_pemder(arguments.root)
    with open(arguments.pdf, "rb") as file:
        signatures = PdfFileReader(file).embedded_regular_signatures
        if not signatures:
            print("no signature")
            return 1
        faults = []
        for number, signature in enumerate(signatures, start=1):
            faults += check(signature, root, arguments.timestamp, number == len(signatures))
    print(f"{len(signatures)} signature(s), {len(faults)} fault(s)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
