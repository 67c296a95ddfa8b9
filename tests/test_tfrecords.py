"""TFRecord shards: whole or not there, read back as written, and what damage does to them."""

import errno
import io
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from conftest import ROOT
from PIL import Image

from helpers import tfrecords
from helpers.messages import Problem

NAMES = ("daisy", "dandelion", "roses", "sunflowers", "tulips")


def picture(number: int, size=(16, 12), mode="RGB", kind="JPEG", **options) -> bytes:
    """A picture of one colour, by which it is known again: red = 5 + 11 * number."""
    image = Image.new("RGB", size, (5 + 11 * number, 90, 120)).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"quality": 100} if kind == "JPEG" else {}), **options)
    return buffer.getvalue()


def record(number: int, **changes) -> bytes:
    image = changes.pop("image", None) or picture(number, **changes)
    return tfrecords.example(image, number % 5, NAMES, (12, 16))


def write(folder, n=20, shards=4, name="flowers-train", **options) -> list[str]:
    return tfrecords.write(range(n), record, folder, name, shards, progress=False, **options)


def numbers(dataset) -> list[int]:
    """Which of the pictures came, from their colour; sorted."""
    return sorted(map(number_of, (image for image, _ in dataset)))


def number_of(image) -> int:
    return round((float(np.mean(image[..., 0])) - 5) / 11)


# --- a record ---------------------------------------------------------------------------


def test_an_example_holds_the_five_features():
    parsed = tf.train.Example.FromString(tfrecords.example(b"jpeg", 2, NAMES, (12, 16)))
    feature = parsed.features.feature
    assert set(feature) == {"image", "class", "label", "size", "one_hot_class"}
    assert feature["image"].bytes_list.value[0] == b"jpeg"
    assert feature["class"].int64_list.value[:] == [2]
    assert feature["label"].bytes_list.value[0] == b"roses"
    assert feature["size"].int64_list.value[:] == [12, 16]
    assert feature["one_hot_class"].float_list.value[:] == [0, 0, 1, 0, 0]


def test_parse_and_decode():
    image, number = tfrecords.parse(tf.constant(record(3)))
    assert number == 3 and number.dtype == tf.int64
    pixels = tfrecords.decode(image)
    assert pixels.shape == (12, 16, 3) and pixels.dtype == tf.uint8
    assert tfrecords.decode(image, 8).shape == (8, 8, 3)


def test_decode_keeps_a_picture_of_the_right_size_as_it_is():
    image = picture(7, size=(24, 24))
    assert (tfrecords.decode(image, 24).numpy() == tfrecords.decode(image).numpy()).all()


def test_decode_cuts_the_middle_square():
    pixels = np.zeros((20, 60, 3), "uint8")
    pixels[:, 20:40] = 255
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    assert tfrecords.decode(buffer.getvalue(), 10).numpy()[2:8, 2:8].min() > 240


# --- writing and reading ----------------------------------------------------------------


def test_written_and_read_back(tmp_path):
    paths = write(tmp_path, n=22, shards=4)
    assert [Path(p).name for p in paths] == [
        "flowers-train-00-of-04-6.tfrec", "flowers-train-01-of-04-6.tfrec",
        "flowers-train-02-of-04-5.tfrec", "flowers-train-03-of-04-5.tfrec",
    ]  # fmt: skip
    assert tfrecords.count(paths) == 22 and tfrecords.find(tmp_path) == paths
    dataset = tfrecords.read(paths, image_size=8)
    assert int(dataset.cardinality()) == 22
    image, number = dataset.element_spec
    assert image == tf.TensorSpec((8, 8, 3), tf.uint8) and number == tf.TensorSpec((), tf.int64)
    assert numbers(dataset) == list(range(22))
    assert all(int(n) == number_of(i) % 5 for i, n in dataset)
    spec = dataset.batch(4, drop_remainder=True).element_spec[0]
    assert spec.shape == (4, 8, 8, 3)


def test_batches(tmp_path):
    paths = write(tmp_path, n=22, shards=4)
    whole = tfrecords.read(paths, 8, 5)
    assert int(whole.cardinality()) == len(list(whole)) == 4
    assert whole.element_spec[0].shape == (5, 8, 8, 3)
    dataset = tfrecords.read(paths, 8, 5, drop_remainder=False, shuffle=100)
    assert [len(images) for images, _ in dataset] == [5, 5, 5, 5, 2]
    assert int(dataset.cardinality()) == 5
    pairs = [
        (number_of(i), int(n)) for images, ns in dataset for i, n in zip(images, ns, strict=True)
    ]
    assert sorted(n for n, _ in pairs) == list(range(22)) and [n for n, _ in pairs] != list(
        range(22)
    )
    assert all(label == number % 5 for number, label in pairs)
    one_by_one = list(tfrecords.read(paths, 8).batch(5, drop_remainder=True))
    assert all((a[0] == b[0]).numpy().all() for a, b in zip(whole, one_by_one, strict=True))


def test_the_order_is_the_same_each_time_unless_told_otherwise(tmp_path):
    paths = write(tmp_path)
    dataset = tfrecords.read(paths)
    first = [int(image[0, 0, 0]) for image, _ in dataset]
    assert first == [int(image[0, 0, 0]) for image, _ in dataset]
    assert numbers(tfrecords.read(paths, deterministic=False)) == list(range(20))


def test_no_more_shards_than_items(tmp_path):
    assert len(write(tmp_path, n=3, shards=16)) == 3
    assert numbers(tfrecords.read(tfrecords.find(tmp_path))) == [0, 1, 2]


def test_writing_again_replaces(tmp_path):
    write(tmp_path, n=20, shards=4)
    other = write(tmp_path, n=5, shards=1, name="flowers-validation")
    paths = write(tmp_path, n=9, shards=2)
    assert tfrecords.find(tmp_path, "flowers-train") == paths
    assert tfrecords.find(tmp_path, "flowers-validation") == other
    assert tfrecords.count(paths) == 9


def test_what_cannot_be_encoded_is_left_out(tmp_path, capsys):
    def encode(number):
        if number % 4 == 1:
            raise Problem(f"{number} নম্বর ছবিটা পড়া গেল না।")
        return record(number)

    paths = tfrecords.write(range(10), encode, tmp_path, "flowers-train", 2, progress=False)
    said = capsys.readouterr().out
    assert tfrecords.count(paths) == 7 and "৩টি বাদ গেল, ৭টি লেখা হলো।" in said and "5 নম্বর" in said
    assert numbers(tfrecords.read(paths)) == [0, 2, 3, 4, 6, 7, 8]


@pytest.mark.parametrize("of", [2, 3, 4, 7])
def test_workers_share_without_overlap(tmp_path, of):
    paths = write(tmp_path, n=21, shards=4)
    shares = [tfrecords.read(paths, index=i, of=of) for i in range(of)]
    for share in shares:
        assert int(share.cardinality()) == len(list(share)) >= 21 // of
    assert sorted(n for share in shares for n in numbers(share)) == list(range(21))


@pytest.mark.parametrize("bad", [{"index": 2, "of": 2}, {"index": -1, "of": 2}, {"of": 0}])
def test_no_such_share(tmp_path, bad):
    with pytest.raises(Problem, match="index"):
        tfrecords.read(write(tmp_path), **bad)


def test_wrong_use_is_answered(tmp_path):
    with pytest.raises(Problem, match="কোনো শার্ড"):
        tfrecords.read([])
    with pytest.raises(Problem, match="on_error"):
        tfrecords.read(write(tmp_path), on_error="ignore")
    with pytest.raises(Problem, match="রেকর্ডের সংখ্যা"):
        tfrecords.count(["x/flowers.tfrec"])
    with pytest.raises(Problem, match="খোলা গেল না"):
        tfrecords.find(tmp_path / "nowhere")
    with pytest.raises(Problem, match="কোনো শার্ড নেই"):
        tfrecords.find(tmp_path, "flowers-validation")
    with pytest.raises(Problem, match="পড়া গেল না"):
        tfrecords.read([tmp_path / "flowers-train-00-of-01-3.tfrec"])


def test_missing_shards_are_noticed(tmp_path, capsys):
    Path(write(tmp_path, shards=4)[2]).unlink()
    assert len(tfrecords.find(tmp_path)) == 3
    assert "৪টির মধ্যে ৩টি শার্ড আছে" in capsys.readouterr().out


# --- writing that is interrupted --------------------------------------------------------


def assert_only_whole_shards(folder: Path):
    for path in folder.glob("*.tfrec"):
        assert tfrecords.read([path], on_error="stop").cardinality() == tfrecords.count([path])


@pytest.mark.parametrize("after", [0, 1, 5, 11, 19])
def test_interrupted_from_the_keyboard(tmp_path, after):
    def encode(number):
        if number == after:
            raise KeyboardInterrupt
        return record(number)

    with pytest.raises(KeyboardInterrupt):
        tfrecords.write(range(20), encode, tmp_path, "flowers-train", 5, progress=False)
    assert_only_whole_shards(tmp_path)
    assert not list(tmp_path.glob(".*"))


def test_interrupted_inside_a_shard(tmp_path):
    def records():
        yield record(0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tfrecords.write_shard(records(), tmp_path / "flowers-train-00-of-01-2.tfrec")
    assert not list(tmp_path.iterdir())


def test_killed(tmp_path):
    """The process ends without a last word; what it leaves is whole, and goes at the next write."""
    code = f"""
import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
import test_tfrecords as t
from helpers import tfrecords
import pathlib
def records():
    for i in range(10**9):
        yield t.record(i % 20)
folder = pathlib.Path({str(tmp_path)!r})
tfrecords.write_shard([t.record(0)], folder / tfrecords.shard_name("flowers-train", 0, 2, 1))
print("started", flush=True)
tfrecords.write_shard(records(), folder / tfrecords.shard_name("flowers-train", 1, 2, 10**9))
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "started"
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
    assert [p.name for p in tmp_path.glob("*.tfrec")] == ["flowers-train-00-of-02-1.tfrec"]
    assert_only_whole_shards(tmp_path)
    write(tmp_path)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "ডিস্কে জায়গা নেই"), (errno.EROFS, "লেখা যাচ্ছে না")]
)
def test_full_or_read_only_disk(monkeypatch, tmp_path, number, word):
    def fail(*args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tfrecords.os, "replace", fail)
    with pytest.raises(tfrecords.DiskProblem, match=word):
        write(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_stands_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(tfrecords.DiskProblem, match="ফোল্ডার"):
        write(tmp_path / "file")


# --- damaged shards ---------------------------------------------------------------------


def frames(path) -> list[tuple[int, int]]:
    """Where each record's frame begins and ends."""
    data, at, found = Path(path).read_bytes(), 0, []
    while at < len(data):
        end = at + 16 + int.from_bytes(data[at : at + 8], "little")
        found.append((at, end))
        at = end
    return found


def one_shard(folder, n=12) -> Path:
    return Path(write(folder, n=n, shards=1)[0])


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_cost_only_their_own_records(tmp_path, capsys, seed):
    path, rng = one_shard(tmp_path), random.Random(seed)
    data, spans = bytearray(path.read_bytes()), frames(path)
    hit = {rng.randrange(len(data)) for _ in range(rng.randint(1, 4))}
    for place in hit:
        data[place] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    lost = {i for i, (a, b) in enumerate(spans) if any(a <= place < b for place in hit)}
    dataset = tfrecords.read([path])
    said = capsys.readouterr().out
    assert numbers(dataset) == [i for i in range(12) if i not in lost]
    assert int(dataset.cardinality()) == 12 - len(lost)
    assert "নষ্ট রেকর্ড" in said and path.name in said


@pytest.mark.parametrize("seed", range(12))
def test_a_shard_cut_short_keeps_what_is_whole(tmp_path, capsys, seed):
    path, rng = one_shard(tmp_path), random.Random(seed)
    size, spans = path.stat().st_size, frames(path)
    cut = spans[5][1] if seed == 0 else rng.randrange(spans[0][1], size)  # 0: between records
    os.truncate(path, cut)
    whole = sum(b <= cut for _, b in spans)
    assert numbers(tfrecords.read([path])) == list(range(whole))
    assert "নষ্ট রেকর্ড" in capsys.readouterr().out


@pytest.mark.parametrize("seed", range(12))
def test_lost_and_foreign_bytes_cost_only_their_own_records(tmp_path, seed):
    path, rng = one_shard(tmp_path), random.Random(seed)
    data, spans = path.read_bytes(), frames(path)
    hit = rng.randrange(12)
    place = rng.randrange(*spans[hit])
    lost = rng.randint(1, min(40, spans[hit][1] - place)) if seed % 2 else 0
    junk = rng.randbytes(rng.randint(0 if lost else 1, 60))
    path.write_bytes(data[:place] + junk + data[place + lost :])
    kept = numbers(tfrecords.read([path]))
    # Junk between two records hurts neither.
    assert set(range(12)) - set(kept) <= {hit}


def test_an_empty_file(tmp_path, capsys):
    paths = write(tmp_path, n=8, shards=2)
    Path(paths[0]).write_bytes(b"")
    assert numbers(tfrecords.read(paths)) == [1, 3, 5, 7]
    assert "৪টি নামে লেখা আছে অথচ ফাইলে নেই" in capsys.readouterr().out
    with pytest.raises(Problem, match="একটাও ভালো রেকর্ড নেই"):
        tfrecords.read(paths[:1])


@pytest.mark.parametrize("body", [b"hello", b"\0" * 5000, bytes(range(256)) * 40])
def test_a_file_of_something_else(tmp_path, capsys, body):
    paths = write(tmp_path, n=8, shards=2)
    Path(paths[0]).write_bytes(body)
    assert numbers(tfrecords.read(paths)) == [1, 3, 5, 7]
    assert "নষ্ট রেকর্ড" in capsys.readouterr().out


def other_schema(**features) -> bytes:
    made = {}
    for key, value in features.items():
        kind = "bytes_list" if isinstance(value[0], bytes) else "int64_list"
        of = tf.train.BytesList if kind == "bytes_list" else tf.train.Int64List
        made[key] = tf.train.Feature(**{kind: of(value=value)})
    return tf.train.Example(features=tf.train.Features(feature=made)).SerializeToString()


@pytest.mark.parametrize(
    ("stranger", "word"),
    [
        (other_schema(picture=[b"x"], kind=[1]), "অন্য রকম সাজানো"),
        (other_schema(image=[3], **{"class": [1]}), "অন্য রকম সাজানো"),
        (other_schema(image=[b"a", b"b"], **{"class": [1]}), "অন্য রকম সাজানো"),
        (b"no Example at all", "অন্য রকম সাজানো"),
        (b"", "অন্য রকম সাজানো"),
        (other_schema(image=[picture(1)], **{"class": [5]}), "অচেনা ক্লাস"),
        (other_schema(image=[picture(1)], **{"class": [-1]}), "অচেনা ক্লাস"),
        (other_schema(image=[b"text"], **{"class": [1]}), "ছবি হিসেবে পড়া যায় না"),
        (other_schema(image=[b""], **{"class": [1]}), "ছবি হিসেবে পড়া যায় না"),
        (other_schema(image=[picture(1, (80, 80))[:400]], **{"class": [1]}), "ছবি হিসেবে পড়া যায় না"),
    ],
    # Named, because a serialized Example differs from process to process, and xdist compares.
    ids=[
        "other names", "image is int", "two images", "no Example", "nothing", "class too large",
        "class negative", "text for image", "empty image", "half an image",
    ],
)  # fmt: skip
def test_a_record_of_another_kind(tmp_path, capsys, stranger, word):
    path = tmp_path / "flowers-train-00-of-01-4.tfrec"
    tfrecords.write_shard([record(0), stranger, record(2), record(3)], path)
    with pytest.raises(Problem, match=word):
        tfrecords.read([path], on_error="stop")
    assert numbers(tfrecords.read([path], image_size=8)) == [0, 2, 3]
    said = capsys.readouterr().out
    assert word in said and "১টি" in said and "বাকি ৩টি পড়ছি" in said


@pytest.mark.parametrize(
    "image",
    [
        picture(1, kind="PNG"), picture(1, mode="CMYK"), picture(1, kind="WEBP", lossless=True),
        picture(1, kind="BMP"), picture(1, mode="RGBA", kind="PNG"), picture(1, progressive=True),
    ],
    ids=["PNG", "CMYK", "WebP", "BMP", "RGBA", "progressive"],
)  # fmt: skip
def test_a_good_picture_of_another_format_is_not_lost(tmp_path, capsys, image):
    path = tmp_path / "flowers-train-00-of-01-3.tfrec"
    tfrecords.write_shard([record(0), record(1, image=image), record(2)], path)
    dataset = tfrecords.read([path], image_size=8)
    pictures = [image.numpy() for image, _ in dataset]
    assert len(pictures) == 3 and all(p.shape == (8, 8, 3) for p in pictures)
    assert number_of(pictures[1]) == 1
    assert "নষ্ট" not in capsys.readouterr().out


def test_a_grey_picture(tmp_path):
    path = tmp_path / "flowers-train-00-of-01-1.tfrec"
    tfrecords.write_shard([record(1, mode="L")], path)
    ((image, _),) = tfrecords.read([path], image_size=8)
    assert image.shape == (8, 8, 3) and (image[..., 0] == image[..., 2]).numpy().all()


def test_a_huge_picture_fits_the_memory(tmp_path):
    path = tmp_path / "flowers-train-00-of-01-2.tfrec"
    huge = picture(1, size=(11_000, 7_000))
    tfrecords.write_shard([record(0), record(1, image=huge)], path)
    assert numbers(tfrecords.read([path], image_size=8)) == [0, 1]


def test_trust_looks_for_nothing(tmp_path):
    paths = write(tmp_path, n=8, shards=2)
    dataset = tfrecords.read(paths, on_error="trust")
    assert int(dataset.cardinality()) == 8 and numbers(dataset) == list(range(8))
    Path(paths[0]).write_bytes(Path(paths[0]).read_bytes()[:-5])
    with pytest.raises(tf.errors.OpError):
        list(tfrecords.read(paths, on_error="trust"))


def test_a_shard_that_changes_is_looked_at_again(tmp_path):
    path = one_shard(tmp_path)
    assert len(numbers(tfrecords.read([path]))) == 12
    os.truncate(path, path.stat().st_size - 5)
    assert len(numbers(tfrecords.read([path]))) == 11


def test_bengali_names_with_spaces(tmp_path):
    paths = write(tmp_path / "আমার ফুলের ছবি", n=6, shards=2, name="বাগানের ফুল")
    assert numbers(tfrecords.read(tfrecords.find(tmp_path / "আমার ফুলের ছবি"))) == list(range(6))
    assert tfrecords.count(paths) == 6
