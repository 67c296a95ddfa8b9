# -*- coding: utf-8 -*-
"""Makes .venv from pyproject.toml, once; does nothing when it is there already.

Usage: python tools/setup_venv.py lab|test

Written so that every Python, even a very old one, can read it far enough to say in
Bengali that it is too old.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 13)
EXTRAS = {"lab": "", "test": "[test]"}


def suitable(version):
    return OLDEST <= tuple(version[:2]) <= NEWEST


def other_python():
    """The path of a suitable Python on this machine other than the running one, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which("python3.%d" % minor) if hasattr(shutil, "which") else None
        # A version manager may leave a shim that exists and yet cannot run.
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def packages():
    """A fingerprint of the list of packages."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def stamp(target):
    """[fingerprint, folder] of the environment that was finished for `target`, or []."""
    try:
        with open(os.path.join(VENV, "ready-" + target)) as file:
            return file.read().splitlines()
    except (IOError, OSError):
        return []


def is_ready(target):
    """True when .venv was finished for this target, from this pyproject.toml, in this folder."""
    # What `make test` installs holds all that `make lab` needs.
    return any(stamp(done) == [packages(), ROOT] for done in (target, "test"))


def fail(message):
    print(message, file=sys.stderr)
    return 1


def make(target):
    python = os.path.join(VENV, "bin", "python")
    # An environment that was interrupted, or whose folder was moved, is made anew, never mended.
    fresh = not any(ROOT in stamp(done) for done in EXTRAS)
    print(
        "পাইথন %d.%d দিয়ে পরিবেশ তৈরি হচ্ছে (.venv)। শুধু প্রথমবার ইন্টারনেট আর কয়েক মিনিট সময় লাগবে…"
        % sys.version_info[:2],
        flush=True,
    )
    command = [sys.executable, "-m", "venv"] + (["--clear"] if fresh else []) + [VENV]
    if subprocess.call(command) != 0:
        return fail(
            ".venv বানানো গেল না। পাইথনের venv অংশটা নেই বা ডিস্কে জায়গা নেই। "
            "উবুন্টু বা ডেবিয়ানে `sudo apt install python3-venv` চালিয়ে আবার চেষ্টা করুন।"
        )
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "-e",
        ROOT + EXTRAS[target],
    ]
    if subprocess.call(command, cwd=ROOT) != 0:
        return fail(
            "প্যাকেজগুলো নামানো শেষ হলো না। ইন্টারনেট সংযোগ আর ডিস্কের জায়গা (৫ GB) দেখে "
            "একই কমান্ড আবার চালান; যা নেমেছে তা আর নামাতে হবে না।"
        )
    with open(os.path.join(VENV, "ready-" + target), "w") as file:
        file.write("%s\n%s\n" % (packages(), ROOT))
    print("পরিবেশ তৈরি। এর পর আর ইন্টারনেট লাগবে না।", flush=True)
    return 0


def main(target):
    if is_ready(target):
        return 0
    if not suitable(sys.version_info):
        other = other_python() if sys.version_info[0] >= 3 else None
        if other:
            return subprocess.call([other, os.path.abspath(__file__), target])
        return fail(
            "এই মেশিনের পাইথন %d.%d, কিন্তু আমাদের লাগবে ৩.১১, ৩.১২ বা ৩.১৩। "
            "python.org থেকে ৩.১২ নামিয়ে বসান, তারপর লিখুন: make %s PYTHON=python3.12"
            % (sys.version_info[0], sys.version_info[1], target)
        )
    return make(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "lab"))
