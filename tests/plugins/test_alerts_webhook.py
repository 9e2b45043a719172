"""Alerts posted to a real HTTP server on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web

from dialog.events import Perceived
from plugins.alerts import setup
from plugins.testing import hosted
from streams.types import Percept, ns


async def _posted(tmp_path: Path, answer: Any) -> tuple[list[tuple[str, Any]], str]:
    """What a server got, with the status line of the plugin after it."""
    got: list[tuple[str, Any]] = []

    async def receive(request: web.Request) -> web.StreamResponse:
        got.append((request.path, await request.json()))
        return answer()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        table = {"rules": [{"name": "r", "objects": ["person"]}], "webhook": f"http://127.0.0.1:{port}/hook"}
        status: list[str] = []
        async with hosted(setup, tmp_path, table) as plugin:
            running = plugin.host.running["tried"]
            percept = Percept("door/v1", "object", "door", ns(1), ns(1), "a person enters from the left")
            await plugin.feed(Perceived(ns(1), percept))
        status.append(running.told())
    finally:
        await runner.cleanup()
    return got, status[0]


async def test_a_new_alert_is_posted_and_its_end_is_not(tmp_path: Path) -> None:
    got, status = await _posted(tmp_path, lambda: web.Response(text="ok"))
    assert [(path, body["rule"], body["phase"]) for path, body in got] == [("/hook", "r", "new")]
    assert "webhook" not in status


async def test_a_redirect_is_refused_and_said(tmp_path: Path) -> None:
    got, status = await _posted(tmp_path, lambda: web.Response(status=302, headers={"Location": "/elsewhere"}))
    assert [path for path, _ in got] == ["/hook"]
    assert "the webhook answers 302" in status
