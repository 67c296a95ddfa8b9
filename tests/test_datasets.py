"""The ladder of data: each rung, and each way in which a rung can break."""

import errno
import hashlib
import http.server
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers import datasets
from helpers.messages import Problem

SAMPLE = datasets.EMBEDDED / "bangla-digits" / "training-images.npz"


def digits_folder(root: Path, n: int = 7) -> Path:
    """A KERAS_BANGLA_DATA folder that holds n white digits, shaped like the real set."""
    folder = root / "bangla-digits"
    folder.mkdir(parents=True)
    np.savez(
        folder / "training-images.npz",
        images=np.full((n, 32, 32, 3), 255, "uint8"),
        labels=np.arange(n, dtype="int64"),
    )
    return root


def left_behind(folder: Path) -> list[str]:
    return [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()]


# --- the rungs --------------------------------------------------------------------------


def test_embedded_sample(capsys):
    images, labels = datasets.bangla_digits()
    assert images.dtype == np.uint8 and images.shape[1:] == (32, 32) and len(images) >= 2000
    assert labels.dtype == np.int64 and sorted(set(labels.tolist())) == list(range(10))
    assert images.min() == 0 and images.max() == 255
    said = capsys.readouterr().out
    assert "নমুনা" in said and "আসল হাতের লেখা নয়" in said


def test_embedded_sample_is_small_and_split():
    files = [p for p in SAMPLE.parent.glob("*.npz")]
    assert sum(p.stat().st_size for p in files) <= 2_000_000
    train, _ = datasets.bangla_digits("train")
    test, _ = datasets.bangla_digits("test")
    seen = {image.tobytes() for image in train}
    assert len(test) >= 500 and not any(image.tobytes() in seen for image in test)


def test_folder_comes_first(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(digits_folder(tmp_path)))
    images, labels = datasets.bangla_digits()
    assert images.shape == (7, 32, 32) and labels.tolist() == list(range(7))
    said = capsys.readouterr().out
    assert "৭টি ছবি" in said and "আপনার দেওয়া ফোল্ডার" in said and "নমুনা" not in said


def test_unknown_split():
    with pytest.raises(ValueError, match="train"):
        datasets.bangla_digits("validation")


# --- a broken folder --------------------------------------------------------------------


def test_wrong_folder(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path / "nowhere"))
    images, _ = datasets.bangla_digits()
    assert len(images) >= 2000
    assert "ফোল্ডারের নামটা মিলিয়ে দেখুন" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["truncated", "empty", "text", "other arrays", "wrong shape"])
def test_broken_file_in_the_folder(monkeypatch, tmp_path, capsys, damage):
    path = digits_folder(tmp_path) / "bangla-digits" / "training-images.npz"
    whole = path.read_bytes()
    if damage == "other arrays":
        np.savez(path, x=np.zeros(3))
    elif damage == "wrong shape":
        np.savez(path, images=np.zeros((5, 28, 28), "uint8"), labels=np.zeros(5, int))
    else:
        path.write_bytes(
            {"truncated": whole[: len(whole) // 2], "empty": b"", "text": b"hello"}[damage]
        )
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path))
    images, _ = datasets.bangla_digits()
    assert len(images) >= 2000
    assert "ভাঙা" in capsys.readouterr().out


# --- the download -----------------------------------------------------------------------


class Server(http.server.ThreadingHTTPServer):
    """Serves one body on loopback; `cut` promises more bytes than it sends."""

    def __init__(self, body: bytes, cut: bool = False):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.requests += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(body) * (2 if cut else 1)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = 0
        self.daemon_threads = True
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file.npz"


@pytest.fixture
def serve(monkeypatch):
    """serve(body) makes the digits' training file come from a local server."""
    servers = []
    monkeypatch.delenv("KERAS_BANGLA_OFFLINE")

    def start(body: bytes, sha256: str | None = None, cut: bool = False) -> Server:
        server = Server(body, cut)
        servers.append(server)
        file = datasets.File(
            "training-images.npz", server.url, sha256 or hashlib.sha256(body).hexdigest()
        )
        data = replace(datasets.BANGLA_DIGITS, files={"train": file})
        monkeypatch.setattr(datasets, "BANGLA_DIGITS", data)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_download_then_cache(serve, tmp_path, capsys):
    server = serve(
        (digits_folder(tmp_path / "x") / "bangla-digits/training-images.npz").read_bytes()
    )
    for _ in range(2):
        images, _ = datasets.bangla_digits()
        assert images.shape == (7, 32, 32)
        assert "আসল ডেটাসেট" in capsys.readouterr().out
    assert server.requests == 1
    assert left_behind(tmp_path / "cache") == ["bangla-digits/training-images.npz"]


def test_wrong_checksum(serve, tmp_path, capsys):
    serve(b"not the file that was promised", sha256="0" * 64)
    images, _ = datasets.bangla_digits()
    said = capsys.readouterr().out
    assert len(images) >= 2000 and "checksum" in said and "নমুনা দিয়ে চলছি" in said
    assert left_behind(tmp_path / "cache") == []


def test_line_breaks_half_way(serve, tmp_path, capsys):
    serve(SAMPLE.read_bytes(), cut=True)
    images, _ = datasets.bangla_digits()
    said = capsys.readouterr().out
    assert len(images) >= 2000 and "নমুনা দিয়ে চলছি" in said
    assert left_behind(tmp_path / "cache") == []


def test_a_damaged_cache_is_fetched_anew(serve, tmp_path, capsys):
    server = serve(
        (digits_folder(tmp_path / "x") / "bangla-digits/training-images.npz").read_bytes()
    )
    damaged = tmp_path / "cache/bangla-digits/training-images.npz"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"half a file")
    images, _ = datasets.bangla_digits()
    assert images.shape == (7, 32, 32) and server.requests == 1


def test_no_network(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("KERAS_BANGLA_OFFLINE")
    # A port on this machine on which nobody listens: refused at once, like a missing network.
    file = replace(datasets.BANGLA_DIGITS.files["train"], url="http://127.0.0.1:9/file.npz")
    monkeypatch.setattr(
        datasets, "BANGLA_DIGITS", replace(datasets.BANGLA_DIGITS, files={"train": file})
    )
    images, _ = datasets.bangla_digits()
    said = capsys.readouterr().out
    assert len(images) >= 2000 and "ইন্টারনেট পাওয়া যাচ্ছে না" in said and "সেলটা আবার চালান" in said
    assert left_behind(tmp_path / "cache") == []


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "ডিস্কে জায়গা নেই"), (errno.EROFS, "লেখা যাচ্ছে না")]
)
def test_full_or_read_only_disk(serve, monkeypatch, tmp_path, capsys, number, word):
    serve(SAMPLE.read_bytes())
    import pooch

    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    # The disk refuses when the finished download is to be moved into the cache.
    monkeypatch.setattr(pooch.core.shutil, "move", fail)
    images, _ = datasets.bangla_digits()
    said = capsys.readouterr().out
    assert len(images) >= 2000 and word in said
    assert left_behind(tmp_path / "cache") == []


def test_cache_folder_cannot_be_made(serve, monkeypatch, tmp_path, capsys):
    serve(SAMPLE.read_bytes())
    (tmp_path / "file").write_text("a file stands where the folder should be")
    monkeypatch.setenv("KERAS_BANGLA_CACHE", str(tmp_path / "file" / "cache"))
    images, _ = datasets.bangla_digits()
    assert len(images) >= 2000 and "KERAS_BANGLA_CACHE" in capsys.readouterr().out


# --- one picture ------------------------------------------------------------------------


def test_picture_that_is_no_picture(tmp_path):
    path = tmp_path / "ছবি.jpg"
    path.write_text("এটা ছবি নয়")
    with pytest.raises(Problem, match="ছবি হিসেবে পড়া গেল না"):
        datasets.read_picture(path)


def test_half_a_picture(tmp_path):
    path = tmp_path / "half.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), "uint8")).save(path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(Problem, match="ভাঙা"):
        datasets.read_picture(path)


def test_missing_picture_and_folder(tmp_path):
    with pytest.raises(Problem, match="পাওয়া গেল না"):
        datasets.read_picture(tmp_path / "no.jpg")
    with pytest.raises(Problem):
        datasets.read_picture(tmp_path)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_picture_becomes_rgb(tmp_path, mode):
    path = tmp_path / ("x.jpg" if mode == "CMYK" else "x.png")
    if mode == "I;16":
        Image.fromarray(np.zeros((30, 20), "uint16")).save(path)
    else:
        Image.new("RGB", (20, 30), "red").convert(mode).save(path)
    picture = datasets.read_picture(path)
    assert picture.shape == (30, 20, 3) and picture.dtype == np.uint8
    assert datasets.read_picture(path, size=8).shape == (8, 8, 3)


def test_transparent_means_white(tmp_path):
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "x.png")
    assert (datasets.read_picture(tmp_path / "x.png") == 255).all()


def test_a_phones_rotation_is_undone(tmp_path):
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # taken with the phone turned a quarter
    image.save(tmp_path / "x.jpg", exif=exif)
    assert datasets.read_picture(tmp_path / "x.jpg").shape == (40, 20, 3)
