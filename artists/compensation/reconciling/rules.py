"""Who reads what differs between the books and the rail."""

from artists.compensation.ledger.rules import staff
from portal.access import rule

rule("finding.read", who="staff, operators")(staff)
