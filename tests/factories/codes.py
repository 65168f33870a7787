"""An authenticator app: one-time codes after RFC 6238 with SHA-1, six digits, thirty seconds."""

import base64
import hashlib
import hmac
import struct
import time


def one_time_code(secret: str) -> str:
    """The code an app shows now; waits where the half minute is nearly over, so that it is still good on arrival."""
    if time.time() % 30 > 27:
        time.sleep(3.1)
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 1_000_000:06d}"
