"""Headless Chromium without a profile, without a network beyond loopback."""

import json
import shutil
import subprocess
from pathlib import Path

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def chromium(profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it once. It is required: a page that no browser has shown has not been tested."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is needed: apt-get install chromium"
    command = [program, *FLAGS, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)


def requests(net_log: Path, origin: str) -> set[str]:
    """URLs that pages of the origin asked for while Chromium logged with `--log-net-log`, answered or not.

    What the browser asks for on its own account has no page as its initiator.
    """
    log = json.loads(net_log.read_text("utf-8"))
    starts = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    asked = [event["params"] for event in log["events"] if event["type"] == starts and "url" in event.get("params", {})]
    return {entry["url"] for entry in asked if entry.get("initiator", "").startswith(origin)}
