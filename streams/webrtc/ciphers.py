"""Lets WebRTC connect with those whose certificate is an RSA one, as GStreamer's before 1.24: aiortc's own choice of
ciphers knows elliptic curves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiortc import RTCPeerConnection

CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:"
    b"ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA"
)
"""All with forward secrecy (RFC 8827 section 6.5); whose key it is tells the fingerprint, not the kind of key."""
CERTIFICATES = "_RTCPeerConnection__certificates"


def accept_rsa(pc: RTCPeerConnection) -> bool:
    """Before the answer. Returns False if this version of aiortc does not let us (a test fails then)."""
    certificates = getattr(pc, CERTIFICATES, [])
    for certificate in certificates:
        make = getattr(certificate, "_create_ssl_context", None)
        if make is None:
            return False
        setattr(certificate, "_create_ssl_context", _with_rsa(make))  # noqa: B010 - a method of one object
    return bool(certificates)


def _with_rsa(make: Callable[..., Any]) -> Callable[..., Any]:
    def context(*arguments: Any, **options: Any) -> Any:
        made = make(*arguments, **options)
        made.set_cipher_list(CIPHERS)
        return made

    return context
