"""Where alerts go: MQTT, a webhook, the desktop, a file, aloud. What fails is counted and said; alerts go on."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from plugins.alerts import home_assistant
from plugins.alerts.incidents import Change
from plugins.alerts.options import Options, slug
from plugins.alerts.rules import SEVERITIES, Rule
from plugins.contract import Services
from streams.errors import HeedError
from streams.types import ns, seconds

MAX_WAITING = 32
MAX_PICTURES = 32
MAX_PICTURE_BYTES = 1_000_000
MAX_LOG_BYTES = 4 * 1024 * 1024
DESKTOP_TIMEOUT_S = 5.0


class Cooldown:
    """Which changes are worth a notification. Measured in stream time, so that a recording gives the same. Pure."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, int]] = {}
        self._suspended: dict[str, int] = {}

    def suspend(self, rule: str, until_ns: int) -> None:
        """No notifications of a rule until then."""
        self._suspended[rule] = until_ns

    def allows(self, change: Change) -> bool:
        """Whether to notify; remembers that it was."""
        alert, rule = change.alert, change.rule
        if not change.fresh or alert.t_ns < self._suspended.get(rule.name, -1):
            return False
        level = SEVERITIES.index(alert.severity)
        last = self._last.get(rule.name)
        if last is not None and alert.t_ns - last[0] < ns(rule.cooldown_s) and level <= last[1]:
            return False
        self._last[rule.name] = (alert.t_ns, level)
        return True


class Notifier:
    """Sends. Slow receivers have a bounded queue of their own, which drops its oldest."""

    def __init__(self, options: Options, services: Services, folder: Path, clock: Callable[[int], str]) -> None:
        """`clock`: stream time as people say it."""
        self._options, self._services, self._folder, self._clock = options, services, folder, clock
        self.cooldown = Cooldown()
        self.pictures: dict[str, bytes] = {}
        """The newest snapshots, by alert id."""
        self.failures: dict[str, str] = {}
        """What failed last, by receiver; removed when it works again."""
        self.dropped = 0
        self._waiting: deque[dict[str, Any]] = deque()
        self._posting: asyncio.Task[None] | None = None
        self._session: Any = None

    async def announce(self, rules: Sequence[Rule], gone: Sequence[str] = ()) -> None:
        """Tell Home Assistant of the rules, and of those that are gone."""
        if not self._options.home_assistant:
            return
        try:
            if gone:
                await self._services.publish(*home_assistant.discovery(self._options, rules, gone), True)
            await self._services.publish(*home_assistant.discovery(self._options, rules), True)
            for topic, payload in home_assistant.switches(rules):
                await self._services.publish(topic, payload, True)
        except HeedError as error:
            self.failures["mqtt"] = str(error)

    async def tell(self, change: Change, still_open: bool) -> None:
        """Let everybody know who wants to."""
        if self._options.log:
            self._log(change)
        try:
            await self._mqtt(change, still_open)
            self.failures.pop("mqtt", None)
        except HeedError as error:
            self.failures["mqtt"] = str(error)
        if not self.cooldown.allows(change):
            return
        if change.rule.speak:
            try:
                await self._services.say(change.alert.text)
            except HeedError as error:
                self.failures["speech"] = str(error)
        if self._options.webhook or self._options.desktop:
            self._waiting.append(_body(change))
            if len(self._waiting) > MAX_WAITING:
                self._waiting.popleft()
                self.dropped += 1
            if self._posting is None or self._posting.done():
                self._posting = asyncio.create_task(self._send_waiting())

    async def finish(self) -> None:
        """Send what waits, then close."""
        if self._posting is not None:
            await self._posting
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _mqtt(self, change: Change, still_open: bool) -> None:
        base = f"alert/{slug(change.rule.name)}"
        await self._services.publish(
            f"{base}/event", home_assistant.event_payload(change, self._options.node, self._clock(change.alert.t_ns))
        )
        if change.alert.phase != "update":
            await self._services.publish(f"{base}/state", b"ON" if still_open else b"OFF", True)
        if change.fresh and (picture := await self._picture(change)):
            await self._services.publish(f"{base}/image", picture, True)

    async def _picture(self, change: Change) -> bytes | None:
        for percept_id in reversed(change.alert.evidence):
            picture = await self._services.picture(percept_id)
            if picture is not None and len(picture) <= MAX_PICTURE_BYTES:
                self.pictures[change.alert.id] = picture
                while len(self.pictures) > MAX_PICTURES:
                    self.pictures.pop(next(iter(self.pictures)))
                return picture
        return None

    async def _send_waiting(self) -> None:
        while self._waiting:
            body = self._waiting.popleft()
            if self._options.webhook:
                await self._post(body)
            if self._options.desktop:
                await self._show(body)

    async def _post(self, body: dict[str, Any]) -> None:
        import aiohttp

        try:
            if self._session is None:
                timeout = aiohttp.ClientTimeout(total=self._options.webhook_timeout_s)
                self._session = aiohttp.ClientSession(timeout=timeout)
            async with self._session.post(self._options.webhook, json=body, allow_redirects=False) as response:
                if response.status >= 300:
                    self.failures["webhook"] = f"the webhook answers {response.status}"
                else:
                    self.failures.pop("webhook", None)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # its address may hold a secret: the kind of error is all that is said
            self.failures["webhook"] = f"the webhook cannot be reached ({type(error).__name__})"

    async def _show(self, body: dict[str, Any]) -> None:
        program = shutil.which("notify-send")
        if program is None:
            self.failures["desktop"] = "notify-send is missing: install libnotify-bin"
            return
        urgency = {"info": "low", "warning": "normal", "alarm": "critical"}[body["severity"]]
        try:
            shown = await asyncio.create_subprocess_exec(
                program, "-u", urgency, "-a", "heed", "--", f"heed: {body['rule']}", body["text"],
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            try:
                code = await asyncio.wait_for(shown.wait(), DESKTOP_TIMEOUT_S)
            except TimeoutError:
                shown.kill()
                code = await shown.wait()
        except OSError:
            code = -1
        if code:
            self.failures["desktop"] = "notify-send failed: is there a desktop?"
        else:
            self.failures.pop("desktop", None)

    def _log(self, change: Change) -> None:
        path = self._folder / "alerts.jsonl"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if path.is_file() and path.stat().st_size > MAX_LOG_BYTES:
                path.replace(path.with_suffix(".1.jsonl"))
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(_body(change), ensure_ascii=False) + "\n")
            self.failures.pop("log", None)
        except OSError as error:
            self.failures["log"] = f"cannot write {path.name}: {error.strerror or error}"


def _body(change: Change) -> dict[str, Any]:
    alert = change.alert
    return {
        "t": seconds(alert.t_ns),
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity,
        "phase": alert.phase,
        "text": alert.text,
        "source": change.source,
        "evidence": list(alert.evidence),
    }
