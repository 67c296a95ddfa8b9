"""The ladder of weights: each rung, and each way in which a rung can break; no network."""

import errno
import shutil

import h5py
import keras
import numpy as np
import pytest
from test_datasets import Server, left_behind

from helpers import datasets, weights
from helpers.messages import Problem

SHAPES = {1.0: [(1000, 2000), (257_984,)], 0.5: [(706_224,)]}


def write(path, alpha=1.0, damage=None):
    """A file that holds as many numbers as MobileNetV2's weights, in Keras' manner or damaged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        for i, shape in enumerate(SHAPES[alpha]):
            values = np.zeros(shape, "float32")
            values.flat[0] = np.nan if damage == "nan" else 1
            file.create_dataset(f"layers/conv{i}/vars/0", data=values)
    whole = path.read_bytes()
    if damage == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "text":
        path.write_bytes(b"<html>log in first</html>")
    elif damage == "empty":
        path.write_bytes(b"")
    return path


@pytest.fixture
def keras_home(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


@pytest.fixture(autouse=True)
def _embedded(monkeypatch, tmp_path, keras_home):
    """An embedded file that is whole, whatever is in data/weights at the moment."""
    monkeypatch.setattr(weights, "EMBEDDED", tmp_path / "data")
    write(tmp_path / "data" / "weights" / "mobilenet_v2_0.5_96_flowers.weights.h5", alpha=0.5)


def in_folder(root, **how):
    return write(root / "weights" / "mobilenet_v2_1.0_no_top.weights.h5", **how)


def in_keras(home, size=192, **how):
    name = f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_{size}_no_top.h5"
    return write(home / "models" / name, **how)


# --- the rungs --------------------------------------------------------------------------


def test_embedded(capsys):
    found = weights.mobilenet_v2()
    assert (found.alpha, found.image_size, found.real) == (0.5, 96, False)
    assert found.path.endswith("mobilenet_v2_0.5_96_flowers.weights.h5")
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "সঙ্গে দেওয়া" in said and "৮০–৮৫%" in said


def test_folder_comes_first(monkeypatch, tmp_path, keras_home, capsys):
    path = in_folder(tmp_path / "mine")
    in_keras(keras_home)
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path / "mine"))
    found = weights.mobilenet_v2()
    assert (found.path, found.alpha, found.image_size, found.real) == (str(path), 1.0, 192, True)
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "আপনার দেওয়া ফোল্ডার" in said and "৯০%" in said


@pytest.mark.parametrize("size", [192, 224])
def test_keras_cache(keras_home, size, capsys):
    path = in_keras(keras_home, size)
    assert weights.mobilenet_v2().path == str(path)
    assert "আগে নামানো" in capsys.readouterr().out


def test_keras_cache_prefers_its_own_size(keras_home):
    in_keras(keras_home, 224)
    path = in_keras(keras_home, 192)
    assert weights.mobilenet_v2().path == str(path)


def test_real_files_load_into_keras(tmp_path):
    """Both of Keras' formats: today's, and the older one of the published files."""
    from keras.src.legacy.saving import legacy_h5_format

    def make(**kwargs):
        return keras.applications.MobileNetV2(
            alpha=0.5, input_shape=(96, 96, 3), include_top=False, **kwargs
        )

    model = make(weights=None)
    assert model.count_params() == weights.NUMBERS[0.5]
    new, old = tmp_path / "new.weights.h5", tmp_path / "old.h5"
    model.save_weights(new)
    with h5py.File(old, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    for path in (new, old):
        assert weights._is_whole(path, 0.5) and not weights._is_whole(path, 1.0)
        same = make(weights=str(path))
        assert np.array_equal(same.get_weights()[0], model.get_weights()[0])


def test_the_embedded_file_of_the_project():
    path = datasets.EMBEDDED / "weights" / "mobilenet_v2_0.5_96_flowers.weights.h5"
    assert weights._is_whole(path, 0.5) and path.stat().st_size < 4_000_000


# --- broken rungs -----------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["half", "text", "empty", "nan", "other model"])
def test_broken_file_in_the_folder(monkeypatch, tmp_path, capsys, damage):
    other = damage == "other model"
    in_folder(tmp_path, **({"alpha": 0.5} if other else {"damage": damage}))
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path))
    assert not weights.mobilenet_v2().real
    assert "ভাঙা বা অন্য মডেলের" in capsys.readouterr().out


def test_no_file_in_the_folder(monkeypatch, tmp_path, keras_home, capsys):
    in_keras(keras_home)
    monkeypatch.setenv("KERAS_BANGLA_DATA", str(tmp_path / "nowhere"))
    assert weights.mobilenet_v2().real
    assert "নেই" in capsys.readouterr().out


def test_broken_file_in_keras_cache(keras_home, capsys):
    path = in_keras(keras_home, damage="half")
    assert not weights.mobilenet_v2().real
    assert "আধখানা" in capsys.readouterr().out
    assert path.exists()  # not ours to delete


@pytest.mark.parametrize("damage", ["half", None])
def test_broken_embedded_file(tmp_path, damage):
    path = tmp_path / "data" / "weights" / "mobilenet_v2_0.5_96_flowers.weights.h5"
    path.unlink()
    if damage:
        write(path, alpha=0.5, damage=damage)
    with pytest.raises(Problem, match="আবার নামিয়ে নিন"):
        weights.mobilenet_v2()


# --- the download -----------------------------------------------------------------------


@pytest.fixture
def site(monkeypatch):
    """Stands for Keras' site: serves a body on loopback."""
    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "0")
    servers = []

    def serve(body, **how):
        import threading

        server = Server(body, **how)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(weights, "URL", f"http://127.0.0.1:{server.server_port}/")
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_download(site, tmp_path, keras_home, capsys):
    server = site(write(tmp_path / "source.h5").read_bytes())
    found = weights.mobilenet_v2()
    assert found.real and found.path.startswith(str(keras_home / "models"))
    assert "নামানো" in capsys.readouterr().out
    assert weights.mobilenet_v2() == found and server.requests == 1


def test_offline_downloads_nothing(site, monkeypatch, tmp_path):
    server = site(write(tmp_path / "source.h5").read_bytes())
    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "1")
    assert not weights.mobilenet_v2().real
    assert server.requests == 0


@pytest.mark.parametrize(
    ("body", "cut", "word"),
    [(b"<html>log in first</html>", False, "ঠিক নেই"), (b"x" * 100_000, True, "ইন্টারনেট")],
)
def test_bad_download(site, keras_home, capsys, body, cut, word):
    site(body, cut=cut)
    assert not weights.mobilenet_v2().real
    assert word in capsys.readouterr().out
    assert left_behind(keras_home) == []


def test_no_network(monkeypatch, keras_home, capsys):
    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "0")
    monkeypatch.setattr(weights, "URL", "http://127.0.0.1:9/")
    assert not weights.mobilenet_v2().real
    said = capsys.readouterr()
    assert "ইন্টারনেট পাওয়া যাচ্ছে না" in said.out and said.err == ""
    assert left_behind(keras_home) == []


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OSError(errno.ENOSPC, "full"), "জায়গা নেই"),
        (PermissionError(errno.EACCES, "no"), "KERAS_HOME"),
    ],
)
def test_disk_refuses(monkeypatch, capsys, error, word):
    def fetch(url, target):
        raise error

    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "0")
    monkeypatch.setattr(weights, "_fetch", fetch)
    assert not weights.mobilenet_v2().real
    assert word in capsys.readouterr().out


def test_broken_cache_is_not_downloaded_over(site, tmp_path, keras_home, capsys):
    server = site(write(tmp_path / "source.h5").read_bytes())
    in_keras(keras_home, damage="half")
    assert not weights.mobilenet_v2().real and server.requests == 0
    shutil.rmtree(keras_home)
    assert weights.mobilenet_v2().real and server.requests == 1
