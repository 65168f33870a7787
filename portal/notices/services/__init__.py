"""Acts of inbox and mail."""

from portal.notices.letters import Mail, address

from .choosing import choose_hours, choose_mail, stop_by_link
from .digests import write_digests
from .reading import read_notice, read_notices
from .sending import send_letters
from .telling import tell, write_letter, write_letters

__all__ = [
    "Mail",
    "address",
    "choose_hours",
    "choose_mail",
    "read_notice",
    "read_notices",
    "send_letters",
    "stop_by_link",
    "tell",
    "write_digests",
    "write_letter",
    "write_letters",
]
