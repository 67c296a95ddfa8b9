"""Opens JupyterLab on the first lesson: python tools/lab.py [PORT]

With a PORT no browser is opened (a teacher's server, a machine without a screen): the
address is printed instead.
"""

import json
import os
import secrets
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port(first: int = 8888) -> int:
    """The first TCP port from `first` on that nobody on this machine listens to."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit("৮৮৮৮ থেকে ৮৯৮৭ পর্যন্ত সব পোর্ট ব্যস্ত। `make lab PORT=9999` লিখে দেখুন।")


def silence_news() -> None:
    """A classroom has no internet: JupyterLab may not ask whether to fetch news or updates."""
    folder = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    overrides = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        }
    }
    (folder / "overrides.json").write_text(json.dumps(overrides, indent=2))


def main(arguments: list[str]) -> None:
    asked = arguments[0] if arguments else ""
    if asked and not (asked.isascii() and asked.isdigit() and 1024 <= int(asked) <= 65535):
        raise SystemExit(
            f"PORT={asked} চলবে না। ১০২৪ থেকে ৬৫৫৩৫-এর একটা সংখ্যা দিন, যেমন: make lab PORT=9000"
        )
    port = int(asked) if asked else free_port()
    token = secrets.token_hex(16)
    lesson = sorted((ROOT / "notebooks").glob("01_*.ipynb"))[0].relative_to(ROOT)
    print(f"JupyterLab-এর ঠিকানা: http://127.0.0.1:{port}/lab/tree/{lesson.as_posix()}?token={token}")
    print("থামাতে এখানে Ctrl+C চাপুন।", flush=True)
    command = [
        "jupyter-lab", str(lesson), f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={ROOT}",
    ]  # fmt: skip
    if asked:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    silence_news()
    os.chdir(ROOT)
    os.execv(Path(sys.executable).with_name(command[0]), command)


if __name__ == "__main__":
    main(sys.argv[1:])
