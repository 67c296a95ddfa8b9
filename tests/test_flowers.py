"""The flowers: the same ladder as the digits', one split everywhere, and folders full of mishaps."""

import errno
import hashlib
import io
import os
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from test_datasets import Server, left_behind

from helpers import datasets, tfrecords
from helpers.datasets import FLOWER_NAMES, FLOWER_NAMES_BN

SAMPLE = datasets.EMBEDDED / "flowers"


def picture(seed: int, size=(40, 30), mode="RGB", kind="JPEG") -> bytes:
    """A picture like no other: coarse coloured squares."""
    colours = np.random.default_rng(seed).integers(0, 255, (3, 4, 3), "uint8")
    image = Image.fromarray(colours).resize(size, Image.Resampling.NEAREST).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def class_folders(root: Path, each: int = 12, names=FLOWER_NAMES) -> Path:
    """A KERAS_BANGLA_DATA folder with `each` pictures in every class folder."""
    for number, name in enumerate(names):
        folder = root / "flowers" / name
        folder.mkdir(parents=True)
        for i in range(each):
            (folder / f"{i:03d}.jpg").write_bytes(picture(100 * number + i))
    return root


@pytest.fixture
def mine(monkeypatch, tmp_path):
    """A learner's own folder of 60 pictures."""
    root = class_folders(tmp_path / "mine")
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(root))
    return root / "flowers"


def total(size: int = 16) -> tuple[int, int]:
    return tuple(int(datasets.flowers(s, size).cardinality()) for s in ("train", "validation"))


def seen(split: str) -> list[bytes]:
    return [image.numpy().tobytes() for image, _ in datasets.flowers(split, 16)]


# --- the rungs --------------------------------------------------------------------------


def test_embedded_sample(capsys):
    both = {}
    for split in ("train", "validation"):
        dataset = datasets.flowers(split)
        image, number = dataset.element_spec
        assert image.shape == (192, 192, 3) and image.dtype == "uint8" and number.dtype == "int64"
        rows = [(image.numpy().tobytes(), int(number)) for image, number in dataset]
        assert len(rows) == int(dataset.cardinality()) >= 60
        assert set(Counter(number for _, number in rows)) == set(range(5))
        both[split] = {image for image, _ in rows}
        assert "নমুনা" in capsys.readouterr().out
    assert not both["train"] & both["validation"]
    assert sum(map(len, both.values())) >= 400


def test_embedded_sample_is_small():
    shards = list(SAMPLE.glob("*.tfrec"))
    assert sum(path.stat().st_size for path in shards) <= 5_000_000
    assert all(not shard.bad and shard.path == shard.source for shard in tfrecords.inspect(shards))


def test_embedded_sample_at_another_size():
    assert datasets.flowers("validation", 64).element_spec[0].shape == (64, 64, 3)


def test_own_class_folders(mine, capsys):
    dataset = datasets.flowers("train", 16)
    said = capsys.readouterr().out
    assert "আপনার দেওয়া ফোল্ডার" in said and "নমুনা" not in said
    pairs = {int(number): image.numpy() for image, number in dataset}
    assert set(pairs) == set(range(5))
    train, validation = total()
    assert train + validation == 60 and 6 <= validation <= 20


def test_class_and_picture_stay_together(mine):
    wanted = {}
    for path in mine.glob("*/*.jpg"):
        pixels = datasets.read_picture(path, 16).astype(int)
        wanted[path] = (pixels, FLOWER_NAMES.index(path.parent.name))
    for split in ("train", "validation"):
        for image, number in datasets.flowers(split, 16):
            image = image.numpy().astype(int)
            nearest = min(wanted.values(), key=lambda pair: abs(pair[0] - image).mean())
            assert nearest[1] == int(number) and abs(nearest[0] - image).mean() < 30


def test_unknown_split():
    with pytest.raises(ValueError, match="validation"):
        datasets.flowers("test")


def test_a_second_time_reads_what_was_written(mine, monkeypatch, capsys):
    first = seen("train")
    monkeypatch.setattr(tfrecords, "write", lambda *a, **k: pytest.fail("written again"))
    assert seen("train") == first


def test_a_new_picture_is_noticed(mine):
    before = sum(total())
    (mine / "roses" / "নতুন.jpg").write_bytes(picture(999))
    assert sum(total()) == before + 1


def test_nowhere_to_keep_the_shards(mine, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("a file stands where the folder should be")
    monkeypatch.setenv("KERAS_BANGLA_CACHE", str(tmp_path / "file" / "cache"))
    assert sum(total()) == 60
    said = capsys.readouterr().out
    assert "অস্থায়ী ফোল্ডারে" in said and "নমুনা" not in said


def test_a_full_cache(mine, monkeypatch, tmp_path, capsys):
    real = os.replace

    def fail(old, new):
        if str(tmp_path / "cache") in str(new):
            raise OSError(errno.ENOSPC, "full")
        real(old, new)

    monkeypatch.setattr(tfrecords.os, "replace", fail)
    assert sum(total()) == 60
    assert "অস্থায়ী ফোল্ডারে" in capsys.readouterr().out
    assert left_behind(tmp_path / "cache") == []


def test_interrupted_while_writing(mine, monkeypatch, tmp_path):
    def interrupted(*args, **kwargs):
        Path(args[2], "flowers-train-00-of-08-3.tfrec").write_bytes(b"x")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tfrecords, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            datasets.flowers("train", 16)
    assert left_behind(tmp_path / "cache") == []
    assert sum(total()) == 60


# --- own shards -------------------------------------------------------------------------


def shards_folder(root: Path, prefixes: dict[str, range]) -> Path:
    folder = root / "flowers"

    def encode(i):
        return tfrecords.example(picture(i, (16, 16)), i % 5, FLOWER_NAMES, (16, 16))

    for prefix, items in prefixes.items():
        tfrecords.write(items, encode, folder, prefix, shards=2, progress=False)
    return root


def test_own_shards_with_named_splits(monkeypatch, tmp_path):
    root = shards_folder(
        tmp_path / "x", {"flowers-train": range(30), "flowers-validation": range(30, 40)}
    )
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(root))
    assert total() == (30, 10)
    assert not (tmp_path / "cache").exists()


def test_own_shards_without_splits(monkeypatch, tmp_path):
    monkeypatch.setenv(
        "KERAS_BANGLA_DATA", str(shards_folder(tmp_path / "x", {"my-flowers": range(60)}))
    )
    train, validation = total()
    assert train + validation == 60 and 4 <= validation <= 22
    assert not set(seen("train")) & set(seen("validation"))


def test_one_broken_shard(monkeypatch, tmp_path, capsys):
    root = shards_folder(
        tmp_path / "x", {"flowers-train": range(30), "flowers-validation": range(30, 40)}
    )
    path = next((root / "flowers").glob("flowers-train-00*"))
    os.truncate(path, path.stat().st_size - 10)
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(root))
    assert total() == (29, 10)
    assert "নষ্ট রেকর্ড" in capsys.readouterr().out


# --- the split --------------------------------------------------------------------------


def test_the_split_is_the_same_in_every_subset_and_copy(monkeypatch, tmp_path):
    def validation_of(root) -> set[bytes]:
        monkeypatch.setenv("KERAS_BANGLA_DATA", str(root))
        return set(seen("validation"))

    whole = validation_of(class_folders(tmp_path / "whole", 20))
    part = validation_of(class_folders(tmp_path / "part", 12))
    assert part < whole
    later = class_folders(tmp_path / "later", 12)
    for path in later.glob("flowers/*/*.jpg"):
        os.utime(path, (1, 1))
    assert validation_of(later) == part


def test_near_a_fifth_is_for_validation():
    names = [f"{kind}/{i}.jpg" for kind in FLOWER_NAMES for i in range(700)]
    share = np.mean([datasets._Picture(name, 0).in_validation for name in names])
    assert 0.18 < share < 0.22


def test_this_split_is_fixed():
    """Anyone's results can be compared only while these never change."""
    names = [f"daisy/{i}.jpg" for i in range(20)]
    assert [i for i, n in enumerate(names) if datasets._Picture(n, 0).in_validation] == [7, 8, 14]


def test_the_same_picture_twice_is_never_on_both_sides(mine):
    for path in list(mine.glob("*/*.jpg")):
        for copy in range(4):
            path.with_name(f"copy {copy} {path.name}").write_bytes(path.read_bytes())
    assert not set(seen("train")) & set(seen("validation"))


# --- mishaps in class folders -----------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "good"),
    [
        (picture(1, kind="PNG"), True),  # a PNG named .jpg
        (picture(1, mode="CMYK"), True),
        (picture(1, mode="L"), True),
        (picture(1, mode="RGBA", kind="PNG"), True),
        (picture(1, size=(9_000, 7_000)), True),
        (picture(1, size=(1, 1)), True),
        (b"", False),
        ("এটা ছবি নয়".encode(), False),
        (picture(1, size=(400, 300))[:900], False),
    ],
    ids=["PNG", "CMYK", "grey", "RGBA", "huge", "1x1", "empty", "text", "cut"],
)
def test_an_odd_picture(mine, capsys, body, good):
    (mine / "roses" / "অদ্ভুত ছবি.jpg").write_bytes(body)
    assert sum(total()) == 60 + good
    said = capsys.readouterr().out
    assert ("বাদ গেল" in said) == (not good)
    if not good:
        assert "অদ্ভুত ছবি.jpg" in said
        total()
        assert "১টি ছবি পড়া যায়নি, তাই বাদ গেছে।" in capsys.readouterr().out


def test_a_file_that_may_not_be_read_or_is_a_folder(mine):
    (mine / "roses" / "folder.jpg").mkdir()
    (mine / "roses" / "note.txt").write_text("not a picture by its name")
    (mine / "roses" / "gone.jpg").symlink_to(mine / "nowhere.jpg")
    assert sum(total()) == 60


def test_a_class_folder_with_no_pictures(mine, capsys):
    for path in (mine / "roses").iterdir():
        path.unlink()
    assert sum(total()) == 48
    assert "roses: কোনো ছবি নেই" in capsys.readouterr().out
    assert {int(number) for _, number in datasets.flowers("train", 16)} == {0, 1, 3, 4}


def test_a_missing_class_folder(mine, capsys):
    for path in (mine / "tulips").iterdir():
        path.unlink()
    (mine / "tulips").rmdir()
    assert sum(total()) == 48
    assert "tulips: এই নামের ফোল্ডার নেই" in capsys.readouterr().out


def test_bengali_names_with_spaces(monkeypatch, tmp_path):
    root = class_folders(tmp_path / "আমার ডেটা", names=FLOWER_NAMES_BN)
    (root / "flowers/গোলাপ/বাগানের লাল গোলাপ ১.JPG").write_bytes(picture(999))
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(root))
    monkeypatch.setenv("KERAS_BANGLA_CACHE", str(tmp_path / "আমার ক্যাশ"))
    assert sum(total()) == 61
    assert {int(number) for _, number in datasets.flowers("train", 16)} == set(range(5))


@pytest.mark.parametrize("how", ["empty", "no class folders", "too few", "all broken"])
def test_a_folder_without_flowers(monkeypatch, tmp_path, capsys, how):
    folder = tmp_path / "x" / "flowers"
    folder.mkdir(parents=True)
    if how == "no class folders":
        (folder / "a.jpg").write_bytes(picture(1))
    elif how == "too few":
        (folder / "roses").mkdir()
        (folder / "roses/a.jpg").write_bytes(picture(1))
    elif how == "all broken":
        (folder / "flowers-train-00-of-01-3.tfrec").write_bytes(b"broken")
        (folder / "flowers-validation-00-of-01-3.tfrec").write_bytes(b"broken")
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path / "x"))
    assert sum(total(192)) >= 400
    said = capsys.readouterr().out
    assert "নমুনা" in said and "অন্য জায়গায় খুঁজছি" in said


def test_wrong_folder(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path / "nowhere"))
    assert sum(total(192)) >= 400
    assert "ফোল্ডারের নামটা মিলিয়ে দেখুন" in capsys.readouterr().out


# --- the download -----------------------------------------------------------------------


def archive(inside: str = "flower_photos", evil: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        files = {
            f"{inside}/{name}/{i}.jpg": picture(100 * k + i)
            for k, name in enumerate(FLOWER_NAMES)
            for i in range(12)
        }
        files[f"{inside}/LICENSE.txt"] = b"licence"
        if evil:
            files[evil] = b"evil"
        for name, body in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()


@pytest.fixture
def serve(monkeypatch):
    servers = []
    monkeypatch.delenv("KERAS_BANGLA_OFFLINE")

    def start(body: bytes, sha256: str | None = None, cut: bool = False) -> Server:
        servers.append(Server(body, cut))
        file = replace(
            datasets.FLOWERS.files["photos"],
            url=servers[-1].url,
            sha256=sha256 or hashlib.sha256(body).hexdigest(),
        )
        monkeypatch.setattr(datasets, "FLOWERS", replace(datasets.FLOWERS, files={"photos": file}))
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_download_unpack_then_cache(serve, monkeypatch, tmp_path, capsys):
    server = serve(archive())
    assert sum(total()) == 60 and sum(total()) == 60
    assert "আসল ডেটাসেট" in capsys.readouterr().out and server.requests == 1
    kept = left_behind(tmp_path / "cache" / "flowers" / "flower_photos")
    assert len(kept) == 61 and not list((tmp_path / "cache").rglob("*.tgz"))
    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "1")
    assert sum(total()) == 60


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"no archive at all", "আর্কাইভটা ভাঙা"),
        (archive()[:9000], "আর্কাইভটা ভাঙা"),
        (archive(inside="other"), "আর্কাইভটা ভাঙা"),
        (archive(evil="../../evil.txt"), "আর্কাইভটা ভাঙা"),
    ],
    ids=["text", "cut", "other folder", "evil"],
)
def test_a_broken_archive(serve, tmp_path, capsys, body, word):
    serve(body)
    assert sum(total(192)) >= 400
    said = capsys.readouterr().out
    assert word in said and "নমুনা দিয়ে চলছি" in said
    assert left_behind(tmp_path) == []


def test_wrong_checksum(serve, tmp_path, capsys):
    serve(archive(), sha256="0" * 64)
    assert sum(total(192)) >= 400
    assert "checksum" in capsys.readouterr().out and left_behind(tmp_path) == []


def test_the_line_breaks(serve, tmp_path, capsys):
    serve(archive(), cut=True)
    assert sum(total(192)) >= 400
    assert "নমুনা দিয়ে চলছি" in capsys.readouterr().out and left_behind(tmp_path) == []


def test_the_disk_is_full_while_unpacking(serve, monkeypatch, tmp_path, capsys):
    serve(archive())

    def fail(self, path, **kwargs):
        Path(path, "half").write_bytes(b"x")
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(tarfile.TarFile, "extractall", fail)
    assert sum(total(192)) >= 400
    assert "ডিস্কে জায়গা নেই" in capsys.readouterr().out
    # The archive, which is whole and checked, may stay; nothing half-unpacked does.
    assert set(left_behind(tmp_path)) <= {"cache/flowers/flower_photos.tgz"}


# --- class folders for lessons that read files ------------------------------------------


def test_flower_folder_is_the_folder_itself(mine):
    assert datasets.flower_folder() == mine


def test_flower_folder_leaves_out_and_mends(mine, capsys):
    (mine / "roses/bad.jpg").write_bytes(b"x")
    (mine / "roses/png.jpg").write_bytes(picture(1, kind="PNG"))
    folder = datasets.flower_folder()
    assert folder != mine and "bad.jpg" in capsys.readouterr().out
    assert {p.name for p in folder.iterdir()} == set(FLOWER_NAMES)
    files = [str(path) for path in folder.glob("*/*.jpg")]
    assert len(files) == 61 and tfrecords.all_plain_jpegs(files)


def test_flower_folder_of_the_sample(capsys):
    folder = datasets.flower_folder()
    assert len(list(folder.glob("*/*.jpg"))) >= 400
    assert "নমুনা" in capsys.readouterr().out


def test_the_fast_mode_takes_fewer_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "_FAST_PICTURES", {"train": 7, "validation": 3})
    assert int(datasets.flowers("validation").cardinality()) == 100
    monkeypatch.setenv("KERAS_BANGLA_FAST", "1")
    assert int(datasets.flowers("validation").cardinality()) == 3
    assert sum(1 for _ in datasets.flowers("train")) == 7
