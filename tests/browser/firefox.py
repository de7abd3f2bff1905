"""Drive a stock Firefox by WebDriver BiDi, which it speaks itself: no geckodriver, no browser of Playwright's own.

Playwright can drive only the Firefox that it patches and downloads; Debian's, of which it takes the place, answers
`--remote-debugging-port` with the address of a web socket. A command is `{id, method, params}`, its answer has the same
id, and events come in between.
"""

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

DEADLINE_SECONDS = 30
_ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# A profile that asks nobody for anything: no updates, no greeting pages, no looking for a captive portal.
_PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
_FAULTS = """() => {
  window.faults = [];
  addEventListener("error", (event) => faults.push(`error: ${event.message ?? event.target?.src}`), true);
  addEventListener("unhandledrejection", (event) => faults.push(`rejection: ${event.reason}`));
  addEventListener("securitypolicyviolation", (event) => faults.push(`policy: ${event.blockedURI}`));
}"""


@dataclass
class Firefox:
    """One tab of a Firefox, and what went wrong on its pages."""

    connection: ClientConnection
    context: str = ""
    faults: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def start(self) -> None:
        """Begin a session and listen to the console."""
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])
        self.call("script.addPreloadScript", functionDeclaration=_FAULTS)
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer; what is heard meanwhile is noted."""
        number = next(self._numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.connection.recv(timeout=DEADLINE_SECONDS))
            if message.get("method") == "log.entryAdded":
                self._heard(message["params"])
            if message.get("id") == number:
                assert message["type"] == "success", f"{method}: {message}"
                return message["result"]

    def _heard(self, entry: Any) -> None:
        if entry["level"] in ("error", "warn"):
            self.faults.append(f"{entry['type']} {entry['level']}: {entry['text']}")

    def open(self, address: str) -> None:
        """Go to a page and wait until it has been loaded."""
        self.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Work out an expression on the page, and wait for it if it is a promise; JSON comes back."""
        made = self.call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert made["type"] == "success", made
        return json.loads(made["result"]["value"])

    def wait_for(self, expression: str) -> Any:
        """Wait until an expression is true of the page, and give its value."""
        value = self.evaluate(
            f"""new Promise((done) => {{
              const started = performance.now();
              const look = () => {{
                const value = {expression};
                if (value || performance.now() - started > {DEADLINE_SECONDS * 500}) done(value);
                else requestAnimationFrame(look);
              }};
              look();
            }})"""
        )
        assert value, f"never true: {expression}"
        return value


@contextmanager
def running_firefox(executable: str, profile: Path) -> Iterator[Firefox]:
    """Start a Firefox with a fresh profile, and end it."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [executable, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr is not None
            found = next((match for line in process.stderr if (match := _ADDRESS.search(line))), None)
            assert found is not None, "Firefox ended before it listened"
            with connect(f"{found[1]}/session", max_size=None, open_timeout=DEADLINE_SECONDS) as connection:
                firefox = Firefox(connection)
                firefox.start()
                yield firefox
        finally:
            process.terminate()
            process.communicate(timeout=DEADLINE_SECONDS)
