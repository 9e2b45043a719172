"""The other end, where it cannot begin: one clear line. All else of it is tried against the server."""

from __future__ import annotations

import pytest

from streams.errors import MediaError, SourceError
from streams.webrtc.client import Caller, Publisher


async def test_client_says_what_is_wrong() -> None:
    with pytest.raises(SourceError, match="not an address"):
        Caller("ftp://somewhere")
    with pytest.raises(MediaError, match="nothing to publish"):
        Publisher("http://localhost:1", "cam")
    with pytest.raises(SourceError, match="is heed running there"):
        async with Caller("http://127.0.0.1:9"):
            pass
