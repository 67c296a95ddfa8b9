"""Mistakes that learners make, one cell each: what runs them is provoke.py.

`case(id, cell, …)`: each cell must fail and be explained by the entry `id` of data/errors.toml.
`on` limits it to one backend, where the other says nothing; `since` to a version of Keras, where
older ones say nothing. PRELUDE has been run before; every cell starts from its names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

PRELUDE = """
import os, tempfile
import numpy as np
import keras
from keras import layers
import tensorflow as tf

x = np.random.default_rng(0).random((8, 4), dtype="float32")
y = np.array([0, 1, 2, 0, 1, 2, 0, 1])
one_hot = np.eye(3, dtype="float32")[y]
pictures = np.zeros((8, 6, 5), dtype="float32")
folder = tempfile.mkdtemp()


def small(units=3, shape=(4,), loss="sparse_categorical_crossentropy", activation="softmax"):
    model = keras.Sequential([
        keras.Input(shape=shape), layers.Flatten(), layers.Dense(units, activation=activation),
    ])
    model.compile(optimizer="sgd", loss=loss, metrics=["accuracy"])
    return model
"""


@dataclass(frozen=True)
class Case:
    """A cell that must fail, and the entry that must explain it."""

    id: str
    cell: str
    on: str = ""
    since: str = ""


CASES: list[Case] = []


def case(id: str, *cells: str, on: str = "", since: str = "") -> None:
    CASES.extend(Case(id, cell.strip("\n"), on, since) for cell in cells)


# --- characters, brackets, indentation ----------------------------------------------------

case("bengali_digits", "price = ৩০ * 7", "print(12৫)", "x = [1, ২, 3]", "n = ৩.৫")
case("danda", 'print("মোট", 5)।', "total = 3।")
case("curly_quotes", "print(“নমস্কার”)", "name = ‘রহিম’")
case("math_sign", "total = 3 × 4", "total = 8 ÷ 2", "total = 8 – 2", "total = 8 − 2")
case("hidden_character", "total =\u00a03", "total = 3\u200b")
case("foreign_character", "price = ৳30", "total = 3 → 4", "a ∈ b")
case("leading_zero", "month = 05", "day = 007")
case("name_with_digit", "2nd_model = 5", "x = 3cats")
case("bracket_open", "print((3 + 4) * 2", "numbers = [1, 2, 3\nprint(numbers)", 'd = {"a": 1')
case("bracket_extra", "print(3 + 4))", "numbers = 1, 2]")
case("bracket_kind", "numbers = [1, 2, 3)", "print((3 + 4])")
case(
    "comma_missing",
    "numbers = [1 2 3]",
    "layers.Dense(10 activation='relu')",
    'names = ["ক" "খ" 3]',
)
case(
    "colon_missing",
    "for i in range(3)\n    print(i)",
    "def f(a)\n    return a",
    "if y[0] == 0\n    print(1)",
)
case("block_missing", "for i in range(3):\nprint(i)", "def f(a):\nreturn a", "if True:")
case("indent_extra", "a = 1\n  b = 2", "for i in range(2):\n    a = i\n      b = i")
case("indent_uneven", "if True:\n        a = 1\n    b = 2")
case("tabs", "if True:\n    if True:\n        a = 1\n\tb = 2")
case("quote_open", "print('নমস্কার)", 'name = "রহিম', "text = '''ক\nখ", "print(f'{3')")
case("equals_in_if", "if y[0] = 0:\n    print(1)", "while len(x) = 3:\n    pass")
case("assign_wrong_side", "model.fit(x, y) = history", "5 = price", "x + 1 = y")
case("print_old", 'print "নমস্কার"', "print x.shape")
case(
    "order_of_arguments",
    "layers.Dense(activation='relu', 10)",
    "small().fit(x, y, validation_data=x, y)",
)
case("keyword_twice", "layers.Dense(units=3, units=4)")
case("return_outside", "return 5", "a = 1\nif a:\n    return a")
case("shell_line", "a = 1\npip install keras", "a = 1\ngit clone https://example.org/a")
case(
    "not_python",
    "import keras from layers",
    "for in range(3): pass",
    "a = = 3",
    "else:\n    a = 1",
    "a +* b",
)

# --- names and modules --------------------------------------------------------------------

case("name_true", "layers.Dense(3, use_bias=false)", "done = true", "a = null")
case("name_setup", "check('01.1', 5)", "runtime.epochs(5)")
# A lesson's own cell, run before the cell that makes its `model`.
FIRST = json.loads(next((ROOT / "notebooks").glob("01_*.ipynb")).read_text(encoding="utf-8"))[
    "cells"
]
case(
    "name_cell",
    next("".join(c["source"]) for c in FIRST if "model.count_params()" in "".join(c["source"])),
)
case("name_near", "modell = 3\nprint(modelll)", "print(pictuers.shape)")
case("name_keras", "Dense(3)", "model = Sequential()", "Adam(0.01)", "EarlyStopping()")
case("name_module", "plt.plot([1, 2])", "pd.read_csv('a.csv')", "json.dumps({})")
case("name_unknown", "print(zzqqyy)", "wwvv.fit(x, y)")
case("local_unbound", "def f():\n    total = total + 1\n    return total\n\n\ntotal = 0\nf()")
case(
    "module_old",
    "from keras.layers.core import Dense",
    "from keras.utils import np_utils",
    "import keras.layers.convolutional",
    "from keras.preprocessing.image import ImageDataGenerator",
    "from keras.layers.normalization import BatchNormalization",
    "from keras.engine.topology import Layer",
    "import keras.wrappers.scikit_learn",
    "from keras.layers.advanced_activations import LeakyReLU",
    "from keras.layers import Merge",
    "from keras.layers import TimeDistributedDense",
    "from keras.layers import CuDNNLSTM",
    "from keras.models import Graph",
    "from keras.preprocessing.text import Tokenizer",
    "from keras.preprocessing import text",
    "from keras.optimizers import adam_v2",
    "from tensorflow.keras.layers.core import Dense",
    "from tensorflow.keras.utils import np_utils",
    "from tensorflow.keras.layers.experimental.preprocessing import Rescaling",
)
case(
    "attribute_old",
    "keras.preprocessing.image.ImageDataGenerator()",
    "keras.layers.MaxoutDense(3)",
    "keras.utils.np_utils.to_categorical(y)",
    "keras.layers.merge([x, x], mode='concat')",
    "keras.layers.experimental.preprocessing.Rescaling(1 / 255)",
    "tf.keras.utils.np_utils.to_categorical(y)",
)
case(
    "module_helpers",
    "import sys\nkept = {n: sys.modules.pop(n) for n in list(sys.modules) if n.split('.')[0] == 'helpers'}\n"
    "finders = sys.meta_path[:]\nsys.meta_path.clear()\ntry:\n    from helpers import play\n"
    "finally:\n    sys.meta_path[:] = finders\n    sys.modules.update(kept)",
)
case(
    "module_near",
    "import kears",
    "import numpi as np",
    "import tensorflw",
    "from kera import layers",
)
case("module_absent", "import sklearn_is_not_here", "import cv2_not_here.video")
case("import_name", "from keras.layers import Desne", "from numpy import aray")
case("import_unknown", "from keras import Zzqq", "from numpy import qqzz")
case("attribute_module_unknown", "keras.zzqq", "np.qqzz(3)")
case("attribute_module", "keras.layers.Desne(3)", "np.aray([1])", "keras.optimizer.Adam()")
case("numpy_old", "np.float(3)", "np.bool(3) + np.object(3)", "np.Inf")
case(
    "tf_old",
    "tf.Session()",
    "tf.placeholder(tf.float32)",
    "tf.contrib.layers",
    "tf.set_random_seed(1)",
    "tf.layers.dense",
    "tf.train.AdamOptimizer()",
    "tf.log(3.0)",
    "from tensorflow.contrib import learn",
    "from tensorflow.examples.tutorials.mnist import input_data",
)
case(
    "backend_old",
    "keras.backend.get_session()",
    "keras.backend.placeholder((3,))",
    "keras.backend.set_image_dim_ordering('th')",
    "import keras.backend as K\nK.function([], [])",
    "import keras.backend as K\nK.mean(x)",
    "tf.keras.backend.get_session()",
)

# --- old Keras ----------------------------------------------------------------------------

case(
    "old_layer_word",
    "keras.layers.Dense(64, init='uniform')",
    "keras.layers.Dense(64, W_regularizer='l2')",
    "keras.layers.Conv2D(32, 3, border_mode='same')",
    "keras.layers.Conv2D(32, 3, subsample=(2, 2))",
    "keras.layers.MaxPooling2D(border_mode='same')",
    "keras.layers.Embedding(100, 8, input_length=10, dropout=0.2)",
    "keras.layers.BatchNormalization(mode=0)",
    "keras.layers.Conv2D(32, 3, dim_ordering='th')",
    "keras.layers.Dense(3, bias=False)",
    "keras.layers.LSTM(3, inner_activation='relu')",
    "keras.layers.LSTM(3, consume_less='gpu')",
    "keras.layers.Dense(64, kernel_init='uniform')",
)
case(
    "old_layer_missing",
    "keras.layers.Dense(output_dim=64)",
    "keras.layers.Conv2D(nb_filter=32, nb_row=3, nb_col=3)",
    "keras.layers.Dropout(p=0.5)",
    "keras.layers.LSTM(output_dim=3)",
)
case(
    "old_nb_epoch",
    "small().fit(x, y, nb_epoch=1)",
    "small().fit(x, y, nb_epoch=1, show_accuracy=True)",
)
case(
    "old_fit_word",
    "small().fit(x, y, show_accuracy=True)",
    "small().fit(x, y, nb_worker=2)",
    "small().fit(x, y, samples_per_epoch=8)",
    "small().fit(x, y, workers=2)",
    "small().compile('sgd', 'mse', class_mode='binary')",
    "small().predict(x, workers=2)",
)
case("old_lr", "keras.optimizers.SGD(lr=0.01)", "keras.optimizers.Adam(lr=0.01)")
case("old_predict_classes", "small().predict_classes(x)", "small().predict_proba(x)")
case(
    "old_generator",
    "small().fit_generator(None)",
    "small().evaluate_generator(None)",
    "small().predict_generator(None)",
)
case("old_model_word", "a = keras.Input((4,))\nkeras.Model(input=a, output=layers.Dense(3)(a))")
case(
    "old_history_key",
    "history = small().fit(x, y, verbose=0)\nhistory.history['acc']",
    "history = small().fit(x, y, verbose=0)\nhistory.history['val_acc']",
)
case(
    "history_val",
    "history = small().fit(x, y, verbose=0)\nhistory.history['val_loss']",
    "history = small().fit(x, y, verbose=0)\nhistory.history['val_accuracy']",
)
HISTORY = "m = keras.Sequential([layers.Dense(3)])\nm.compile('sgd', 'mse')\nhistory = m.fit(x, one_hot, verbose=0)\n"
case(
    "history_name",
    HISTORY + "history.history['accuracy']",
    HISTORY + "scores = history.history\nprint(scores['accuracy'][-1])",
    "h = small().fit(x, y, verbose=0)\nh.history['mae']",
)
case("history_bracket", "history = small().fit(x, y, verbose=0)\nhistory['loss']")
case("save_extension", "small().save(folder + '/my_model')", "small().save(folder + '/m.tf')")
case(
    "save_weights_extension",
    "small().save_weights(folder + '/w.h5')",
    "small().save_weights(folder + '/w')",
    "keras.callbacks.ModelCheckpoint('w.h5', save_weights_only=True)",
)
case("checkpoint_extension", "keras.callbacks.ModelCheckpoint('best')")

# --- shapes -------------------------------------------------------------------------------

case(
    "batch_axis",
    "small(shape=(6, 5)).predict(pictures[0])",
    "small(shape=(6, 5))(pictures[0])",
    "small().predict(x[0])",
    "small()(x[0])",
    "a = keras.Input((6, 5))\nkeras.Model(a, layers.Flatten()(a)).predict(pictures[0])",
)
case(
    "input_shape",
    "small(shape=(30,)).fit(pictures, y)",
    "small(shape=(6, 5)).fit(np.zeros((8, 30)), y)",
    "small(shape=(30,))(pictures)",
    "a = keras.Input((30,))\nkeras.Model(a, layers.Dense(3)(a))(pictures)",
    "a = keras.Input((30,))\nkeras.Model(a, layers.Dense(3)(a)).predict(pictures)",
    "small(shape=(30,)).predict(pictures)",
)
case(
    "layer_ndim",
    "layers.Conv2D(4, 3)(pictures)",
    "layers.LSTM(4)(x)",
    "layers.MaxPooling2D()(pictures)",
    "keras.Sequential([keras.Input((6, 5)), layers.Conv2D(4, 3)])",
    "a = keras.Input((6, 5))\nlayers.Conv2D(4, 3)(a)",
    "layers.Dense(3)(np.float32(3))",
    "layers.GlobalAveragePooling2D()(pictures)",
)
case(
    "layer_axis",
    "small().predict(np.zeros((8, 7)))",
    "small().fit(np.zeros((8, 7)), y)",
    "d = layers.Dense(3)\nd(x)\nd(np.zeros((2, 9)))",
    "d = layers.Conv2D(3, 3)\nd(np.zeros((1, 8, 8, 3)))\nd(np.zeros((1, 8, 8, 1)))",
)
case("conv_too_small", "layers.Conv2D(4, 5)(np.zeros((1, 3, 3, 1)))")
case(
    "conv_too_small",
    "keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(4, 3), layers.Conv2D(4, 3)])",
    "keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(4, 3), layers.MaxPooling2D(3)])",
    since="3.14",
)
case(
    "reshape_layer",
    "keras.Sequential([keras.Input((30,)), layers.Reshape((7, 7))])",
    "layers.Reshape((5, 5))(pictures)",
)
case(
    "concatenate_shapes",
    "layers.Concatenate()([pictures, np.zeros((8, 5, 5))])",
    "a, b = keras.Input((4, 4, 3)), keras.Input((5, 5, 3))\nlayers.Concatenate()([a, b])",
)
case(
    "add_shapes",
    "layers.Add()([x, np.zeros((8, 3))])",
    "a, b = keras.Input((16,)), keras.Input((8,))\nlayers.Add()([a, b])",
)
case("merge_needs_list", "layers.Concatenate()(x)", "a = keras.Input((4,))\nlayers.Add()(a)")
TWO = "a, b = keras.Input((4,), name='a'), keras.Input((4,), name='b')\n"
case("inputs_count", TWO + "m = keras.Model([a, b], layers.Add()([a, b]))\nm(x)")
case(
    "inputs_count",
    TWO + "m = keras.Model([a, b], layers.Add()([a, b]))\nm.predict(x)",
    on="tensorflow",
)
case(
    "inputs_lost_jax",
    TWO + "m = keras.Model([a, b], layers.Add()([a, b]))\nm.predict(x)",
    TWO + "m = keras.Model({'a': a, 'b': b}, layers.Add()([a, b]))\nm.predict({'a': x})",
    on="jax",
)
case("inputs_names", TWO + "m = keras.Model({'a': a, 'b': b}, layers.Add()([a, b]))\nm({'a': x})")
case(
    "inputs_names",
    TWO + "m = keras.Model({'a': a, 'b': b}, layers.Add()([a, b]))\nm.predict({'a': x})",
    on="tensorflow",
)
case("shape_not_tuple", "keras.Input(shape=(4))", "keras.Input(shape=32)", "keras.Input('4')")
case(
    "shape_unknown", "keras.Sequential([keras.Input((None, 4)), layers.Flatten(), layers.Dense(3)])"
)
case(
    "numpy_broadcast",
    "x + np.zeros(3)",
    "np.zeros((2, 3)) * np.zeros((3, 2))",
    "x[0] = [1, 2, 3]",
)
case("numpy_matmul", "x @ x", "np.dot(x, x)", "np.matmul(x, np.zeros((3, 2)))")
case("numpy_reshape", "x.reshape(7, 7)", "np.reshape(np.zeros(1024), (28, 28))")
case("numpy_ragged", "np.array([[1, 2], [3]])")
case(
    "numpy_cell",
    "totals = np.zeros(3)\ntotals[0] = [1, 2]",
    "totals = np.zeros(3, dtype=int)\nfor i in range(3):\n    totals[i] = [i, 2]",
    "x[0, 1] = np.array([1, 2])",
)
case(
    "numpy_concatenate",
    "np.concatenate([x, np.zeros((8, 3, 1))])",
    "np.concatenate([x, np.zeros((2, 3))])",
    "np.vstack([x, np.zeros((2, 3))])",
)
case("numpy_stack", "np.stack([np.zeros(3), np.zeros(4)])")
case("numpy_truth", "if x > 0:\n    print(1)", "bool(x == 1)")
case("numpy_index", "x[8]", "x[0, 9]", "pictures[100]")
case("numpy_too_many_indices", "y[0, 0]", "x[0, 0, 0]")
case("numpy_scalar", "float(x)", "int(np.zeros((2, 2)))")
case("list_index", "[1, 2][5]", "small().layers[9]")
case("list_arithmetic", "[1, 2] / 255", "[0, 255] - 1", "1 - [1, 2]")
case("list_plus", "[1] + 3", "[1, 2] + 'ক'", "x.shape + [1]")
case("list_key", "[[1, 2], [3, 4]][0, 1]", "[1, 2]['a']")
case("list_attribute", "[1, 2].shape", "[1, 2].reshape(2, 1)", "[1, 2].astype('float32')")
case("array_attribute", "x.append(3)", "np.zeros(3).extend([1, 2])", "y.pop()")

# --- labels and losses --------------------------------------------------------------------

# No Flatten: with a list of metrics JAX stops in the metric, without one in the loss.
NO_FLATTEN = "m = keras.Sequential([keras.Input((6, 5)), layers.Dense(3, activation='softmax')])\n"
case(
    "flatten_missing",
    NO_FLATTEN
    + "m.compile('sgd', 'sparse_categorical_crossentropy', metrics=['accuracy'])\nm.fit(pictures, y, verbose=0)",
    NO_FLATTEN
    + "m.compile('sgd', 'sparse_categorical_crossentropy')\nm.evaluate(pictures, y, verbose=0)",
    NO_FLATTEN
    + "m.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])\nm.fit(pictures, one_hot, verbose=0)",
    NO_FLATTEN
    + "m.compile('sgd', 'categorical_crossentropy')\nm.fit(pictures, one_hot, verbose=0)",
    NO_FLATTEN + "m.compile('sgd', 'mse')\nm.fit(pictures, one_hot, verbose=0)",
    "m = keras.Sequential([layers.Conv2D(4, 3), layers.Dense(3)])\n"
    "m.compile('sgd', keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])\n"
    "m.fit(pictures[..., None], y, verbose=0)",
)
case(
    "one_hot_with_sparse",
    "small().fit(x, one_hot, verbose=0)",
    "small().evaluate(x, one_hot, verbose=0)",
    "keras.losses.SparseCategoricalCrossentropy()(one_hot, one_hot)",
)
case(
    "labels_shape",
    "small(loss='categorical_crossentropy').fit(x, y, verbose=0)",
    "keras.losses.CategoricalCrossentropy()(y, one_hot)",
    "small(loss='categorical_crossentropy').fit(x, y[:, None], verbose=0)",
    "small(loss=keras.losses.CategoricalCrossentropy(from_logits=True), activation=None).fit(x, y, verbose=0)",
)
case("classes_differ", "small(units=5, loss='categorical_crossentropy').fit(x, one_hot, verbose=0)")
case(
    "too_few_outputs",
    "small(units=2).fit(x, y, verbose=0)",
    "small(units=2, activation=None, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)).fit(x, y, verbose=0)",
    "small(units=3).fit(x, y + 1, verbose=0)",
    on="tensorflow",
)
case("to_categorical_small", "keras.utils.to_categorical(y, 2)")
case(
    "labels_shape",
    "small(units=3, loss='binary_crossentropy').fit(x, y, verbose=0)",
    "small(units=2, activation='sigmoid', loss=keras.losses.BinaryCrossentropy()).fit(x, y, verbose=0)",
)
case(
    "loss_shapes",
    "small(units=3, loss='mse').fit(x, np.zeros((8, 4)), verbose=0)",
    "small(units=3, loss='mse').fit(x, y, verbose=0)",
)
case(
    "string_data",
    "small().fit(x, np.array(['ক', 'খ'] * 4), verbose=0)",
    "small().fit(x, np.array(['a', 'b'] * 4, dtype=object), verbose=0)",
)
case(
    "string_data",
    "small().fit(np.array([['1', '2', '3', '4']] * 8), y, verbose=0)",
    "small().predict(np.array([['a', 'b', 'c', 'd']] * 8, dtype=object))",
)
case(
    "list_data",
    "small().fit([[1.0, 2, 3, 4]] * 8, y, verbose=0)",
    "small().fit(x, list(y), verbose=0)",
    "small().predict([1.0, 2.0, 3.0, 4.0])",
)
case("string_to_float", "float('পাঁচ')", "np.array(['a', 'b']).astype('float32')", "int('3.5')")
case("labels_missing", "small().fit(x, verbose=0)", "small().evaluate(x)")
case("cardinality", "small().fit(x, y[:5])", "small().evaluate(x[:3], y)")
case(
    "validation_split",
    "ds = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)\nsmall().fit(ds, validation_split=0.2)",
)
case(
    "dataset_and_y", "ds = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)\nsmall().fit(ds, y)"
)
case(
    "dataset_unbatched",
    "ds = tf.data.Dataset.from_tensor_slices((x, y))\nsmall().fit(ds, verbose=0)",
    "ds = tf.data.Dataset.from_tensor_slices((pictures, y))\nsmall(shape=(6, 5)).fit(ds, verbose=0)",
)
case("dataset_empty", "small().predict(x[:0])")
case(
    "dataset_empty",
    "ds = tf.data.Dataset.from_tensor_slices((x, y)).batch(16, drop_remainder=True)\nsmall().fit(ds, verbose=0)",
    "small().fit(x[:0], y[:0], verbose=0)",
    on="jax",
)

# --- compile, build, fit ------------------------------------------------------------------

case(
    "no_compile",
    "m = keras.Sequential([layers.Dense(3)])\nm.fit(x, y)",
    "m = keras.Sequential([layers.Dense(3)])\nm.evaluate(x, y)",
    "m = keras.Sequential([layers.Dense(3)])\nm.train_on_batch(x, y)",
)
case(
    "no_loss",
    "m = keras.Sequential([layers.Dense(3)])\nm.compile('sgd')\nm.fit(x, y, verbose=0)",
    on="tensorflow",
)
case(
    "not_built",
    "keras.Sequential([layers.Dense(3)]).count_params()",
    "keras.Sequential([layers.Dense(3)]).output",
    "keras.Sequential([layers.Dense(3)]).input_shape",
    "layers.Dense(3).output",
    "layers.Dense(3).count_params()",
    "layers.Dense(3).set_weights([x])",
)
case(
    "model_empty",
    "m = keras.Sequential()\nm.compile('sgd', 'mse')\nm.fit(x, y)",
    "keras.Sequential().predict(x)",
    "keras.Sequential()(x)",
)
case(
    "add_not_layer",
    "m = keras.Sequential()\nm.add(layers.Dense)",
    "keras.Sequential([layers.Dense(3), 'relu'])",
    "keras.Sequential([4, layers.Dense(3)])",
    "m = keras.Sequential()\nm.add(None)",
)
case(
    "sequential_no_list",
    "keras.Sequential(layers.Flatten(), layers.Dense(3))",
    "keras.Sequential(layers.Dense(3))",
)
case(
    "layer_called_early",
    "a = keras.Input((4,))\nlayers.Dense(a)",
    "a = keras.Input((4,))\nlayers.Flatten(a)",
    "a = keras.Input((4,))\nlayers.Dense(a, activation='relu')",
    "a = keras.Input((4, 4, 1))\nlayers.MaxPooling2D(a)",
    "layers.Flatten(pictures)",
    "layers.Flatten(keras.ops.convert_to_tensor(x))",
    "layers.Dense(x)",
    "layers.Dropout(x)",
)
case("units_bad", "layers.Dense(0)", "layers.Dense(3.5)", "layers.Dense('10')", "layers.Dense(-1)")
case("units_bad", "layers.Conv2D(0, 3)", "layers.Conv2D(3.5, 3)", "layers.LSTM(0)")
case("rate_bad", "layers.Dropout(2)", "layers.Dropout(rate=-0.5)", "layers.SpatialDropout2D(30)")
case(
    "units_missing",
    "layers.Reshape()",
    "layers.Dense()",
    "layers.Conv2D(32)",
    "layers.Dense(activation='relu')",
)
case(
    "identifier_near",
    "layers.Dense(3, activation='rellu')",
    "keras.activations.get('sofmax')",
    "layers.Activation('relU6x')",
)
case(
    "identifier_near",
    "small().compile(optimizer='adm', loss='mse')",
    "keras.optimizers.get('adamm')",
)
case(
    "identifier_near",
    "keras.losses.get('sparse_crossentropy')",
    "m = small(loss='sparse_categorical_crossentropi')\nm.fit(x, y, verbose=0)",
    "m = small()\nm.compile('sgd', 'mse', metrics=['accurcy'])\nm.fit(x, one_hot, verbose=0)",
    "keras.metrics.get('precison')",
)
case("identifier_unknown", "keras.losses.get('zzqqyy')", "layers.Dense(3, activation='wwvvuu')")
case(
    "metrics_not_list",
    "small().compile('sgd', 'mse', metrics='accuracy')\n",
    "m = small()\nm.compile('sgd', 'mse', metrics='accuracy')\nm.fit(x, one_hot, verbose=0)",
)
case(
    "keyword_near",
    "small().fit(x, y, epoch=3)",
    "layers.Dense(3, activaton='relu')",
    "keras.losses.SparseCategoricalCrossentropy(from_logit=True)",
    "small().compile(optimiser='sgd')",
    "small().predict(x, batchsize=3)",
    "keras.optimizers.SGD(learning_rte=0.1)",
)
case(
    "keyword_unknown",
    "np.zeros(3, qqzz='int')",
    "def f(a):\n    return a\n\n\nf(colour=3)",
    "layers.Dense(3, zzqq=1)",
)
case("argument_missing", "def f(a, b):\n    return a\n\n\nf(3)", "keras.utils.to_categorical()")
case(
    "argument_many",
    "def f(a):\n    return a\n\n\nf(3, 4)",
    "class C:\n    def f(a):\n        return a\n\n\nC().f(3)",
    "layers.Flatten(1, 2, 3)",
)
case("number_not_whole", "small().fit(x, y, epochs=1.5)", "range(2.5)", "np.zeros(3.0)")
case(
    "number_not_whole",
    "keras.Input(shape=(64 / 2, 32))",
    "layers.Conv2D(8 / 2, 3)(np.zeros((1, 8, 8, 3)))",
)
case("number_not_whole", "small().fit(x, y, epochs='3')", on="tensorflow")
case("epochs_string", "'3' > 2", "n = '5'\nif n < 3:\n    pass")
case("epochs_string", "small().fit(x, y, epochs='3')", on="jax")
case(
    "model_is_history",
    "m = small()\nm = m.fit(x, y, verbose=0)\nm.predict(x)",
    "m = small().fit(x, y, verbose=0)\nm.evaluate(x, y)",
)
case(
    "none_attribute",
    "m = small()\nm = m.compile('sgd', 'mse')\nm.fit(x, y)",
    "m = keras.Sequential()\nm = m.add(layers.Dense(3))\nm.add(layers.Dense(3))",
    "[3, 1].sort().append(2)",
)
case(
    "none_other",
    "None[0]",
    "None(3)",
    "None + 3",
    "for a in None:\n    pass",
    "len(None)",
    "3 * None",
    "a, b = None",
    "[1] + None",
)
case(
    "evaluate_unpack",
    "m = keras.Sequential([layers.Dense(3)])\nm.compile('sgd', 'mse')\nloss, accuracy = m.evaluate(x, one_hot, verbose=0)",
)
case(
    "unpack_count",
    "a, b = [1, 2, 3]",
    "a, b, c = small().evaluate(x, y, verbose=0)",
    "(a, b), c = [1, 2], 3, 4",
    "a, b = [1]",
)
case("unpack_single", "a, b = 5", "for i, n in [1, 2]:\n    pass", "a, b = small")
case("loop_number", "for i in 5:\n    pass", "squares = [i * i for i in len(x)]")
case(
    "blank_left",
    "scaled = ...\nscaled * 2",
    "def f(v):\n    return v\n\n\nf(...) + 1",
    "a = ...\na.shape",
    "a = ...\na(3)",
    "m = ...\nm.fit(x, y)",
    "a = ...\na[0]",
    "a = ...\nfor i in a:\n    pass",
    "a = ...\nfloat(a)",
    "a = ...\nlen(a)",
    "np.array([1]) + ...",
)
case("str_plus_number", "'মোট ' + 5", "print('a' + 3.5)", "5 + ' টাকা'")
case("text_arithmetic", "'a' - 1", "'5' / 2", "'5' ** 2", "3 - '1'")
case("not_callable", "layers.Dense(3)(x)(x)")
case("not_callable", "numbers = [1, 2]\nnumbers(0)", "a = 5\na(3)", "x(0)", "'a'(3)")
case("module_called", "keras.layers(3)", "np(3)", "from keras import optimizers\noptimizers(3)")
case("not_subscriptable", "len[0]", "a = 5\na[0]", "small[0]", "x.mean[0]")
case("model_subscript", "small()[0]")
case(
    "dataset_subscript",
    "ds = tf.data.Dataset.from_tensor_slices((x, y))\nds[0]",
    "ds = tf.data.Dataset.from_tensor_slices(x).map(lambda v: v).batch(2)\nds[0]",
)
case("attribute_near", "small().predit(x)", "layers.Dense(3).wieghts", "small().sumary()")
case("attribute_near", "x.shap", "'a'.lowr()", "[1].apend(2)", "{}.itms()")
case("numpy_method_jax", "small()(x).numpy()", "keras.ops.convert_to_tensor(x).numpy()", on="jax")
case(
    "optimizer_again",
    "opt = keras.optimizers.SGD()\nfor _ in range(2):\n    m = small()\n    m.compile(opt, 'mse')\n    m.fit(x, one_hot, verbose=0)",
    on="tensorflow",  # JAX says nothing when the weights of both have the same shapes
)
case(
    "optimizer_again",
    "opt = keras.optimizers.SGD()\nfor units in (3, 1):\n    m = small(units)\n    m.compile(opt, 'mse')\n    m.fit(x, one_hot[:, :units], verbose=0)",
    "opt = keras.optimizers.SGD()\nm = small()\nm.compile(opt, 'mse')\nm.fit(x, one_hot, verbose=0)\n"
    "m.add(layers.Dense(3))\nm.compile(opt, 'mse')\nm.fit(x, one_hot, verbose=0)",
)
case(
    "optimizer_again",  # TensorFlow goes on, without the layer that was thawed
    "m = small()\nm.add(layers.Dense(3))\nm.layers[1].trainable = False\nm.compile('sgd', 'mse')\n"
    "m.fit(x, one_hot, verbose=0)\nm.layers[1].trainable = True\nm.fit(x, one_hot, verbose=0)",
    on="jax",
)
case("validation_too_small", "small().fit(x[:1], y[:1], validation_split=0.2)")

# --- layers, graphs, custom layers --------------------------------------------------------

case(
    "layer_name_twice",
    "keras.Sequential([layers.Dense(3, name='a'), layers.Dense(3, name='a')])",
    "a = keras.Input((4,))\nkeras.Model(a, layers.Dense(3, name='b')(layers.Dense(3, name='b')(a)))",
)
case("layer_name_slash", "layers.Dense(3, name='a/b')")
case("layer_not_found", "small().get_layer('hidden')", "small().get_layer(name='denze')")
case("layer_index", "small().get_layer(index=9)")
case("graph_disconnected", TWO + "keras.Model(a, layers.Dense(3)(b))")
case("graph_disconnected", TWO + "keras.Model(a, layers.Add()([a, b]))", since="3.14")
case(
    "model_from_values",
    "keras.Model(x, x)",
    "a = keras.Input((4,))\nkeras.Model(a, layers.Dense(3))",
    "keras.Model(layers.Dense(3), layers.Dense(3))",
)
case(
    "keras_tensor_backend",
    "a = keras.Input((4,))\ntf.square(a)",
    "a = keras.Input((4,))\ntf.reduce_mean(a)",
)
case(
    "keras_tensor_numpy",
    "a = keras.Input((4,))\nnp.array(a)",
    "a = keras.Input((4,))\nnp.square(a)",
)
case(
    "keras_tensor_called",
    "a = keras.Input((4,))\nkeras.Input((4,))(a)",
    "a = keras.Input((4,))\nlayers.Dense(3)(a)(a)",
)
case(
    "keras_tensor_value",
    "a = keras.Input((4,))\nfloat(a)",
    "a = keras.Input((4,))\nif a > 0:\n    print(1)",
    "a = keras.Input((4,))\nfor v in a:\n    pass",
    "a = keras.Input((4,))\na.numpy()",
)
case(
    "keras_tensor_backend",
    "import jax.numpy as jnp\na = keras.Input((4,))\njnp.square(a)",
    on="jax",
)
case(
    "call_missing",
    "class Twice(keras.layers.Layer):\n    pass\n\n\nTwice()(x)",
    "class Net(keras.Model):\n    pass\n\n\nNet()(x)",
)
case(
    "state_late",
    "class Grow(keras.layers.Layer):\n    def call(self, v):\n        return layers.Dense(3, name='d')(v) + self.add_weight()\n\n\ng = Grow()\ng(x)\ng(x)",
)

# --- files, weights, network --------------------------------------------------------------

case(
    "file_missing",
    "open('no_such.csv')",
    "np.load('no_such.npy')",
    "from PIL import Image\nImage.open('no_such.jpg')",
    "keras.utils.load_img('no_such.jpg')",
)
case("model_file_missing", "keras.models.load_model('no_such.keras')")
case("model_format", "keras.models.load_model(folder)", "keras.models.load_model('no_such_model')")
case(
    "model_file_missing",
    "p = folder + '/broken.keras'\nopen(p, 'w').write('x')\nkeras.models.load_model(p)",
)
case(
    "weights_file_missing",
    "keras.models.load_model(folder + '/no_such.h5')",
    "small().load_weights(folder + '/no_such.weights.h5')",
)
case(
    "save_folder_missing",
    "small().save_weights('no_such_folder/a.weights.h5')",
    "small().save('no_such_folder/a.keras')",
    "tf.io.TFRecordWriter('no_such_folder/a.tfrec')",
    "with open('no_such_folder/a.txt', 'w') as f:\n    f.write('x')",
)
case(
    "tf_file_missing",
    "tf.io.read_file('no_such.jpg')",
    "next(iter(tf.data.TFRecordDataset('no_such.tfrec')))",
    "for r in tf.data.Dataset.from_tensors('no_such.jpg').map(tf.io.read_file):\n    pass",
)
case(
    "folder_missing",
    "keras.utils.image_dataset_from_directory('no_such_folder')",
    "os.listdir('no_such_folder')",
)
case(
    "folder_empty",
    "keras.utils.image_dataset_from_directory(folder)",
    "os.makedirs(folder + '/a/b', exist_ok=True)\nkeras.utils.image_dataset_from_directory(folder + '/a')",
)
case(
    "permission",
    "open('/proc/sys/kernel/ostype', 'w').write('x')",
    "open('/sys/kernel/no_such_file', 'w')",
)
case("disk_full", "with open('/dev/full', 'w') as f:\n    f.write('x' * 10000)")
case("is_folder", "open(folder)", "open(folder, 'w')")
case(
    "picture_broken",
    "p = folder + '/a.jpg'\nopen(p, 'w').write('x')\nfrom PIL import Image\nImage.open(p)",
    "p = folder + '/a.jpg'\nopen(p, 'w').write('x')\nkeras.utils.load_img(p)",
)
case(
    "tf_picture_broken",
    "tf.io.decode_jpeg(b'not a picture')",
    "tf.io.decode_image(b'not a picture')",
    "tf.io.decode_png(b'x')",
)
case(
    "no_network",
    "keras.utils.get_file('a.zip', 'http://127.0.0.1:9/a.zip', cache_dir=folder)",
    "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/a')",
    "import requests\nrequests.get('http://127.0.0.1:9/a')",
    "import urllib.request\nurllib.request.urlopen('http://no-such-host.invalid/a')",
)
case(
    "address_gone",
    "import threading, http.server\nserver = http.server.HTTPServer(('127.0.0.1', 0), http.server.BaseHTTPRequestHandler)\nserver.RequestHandlerClass.log_message = lambda *a: None\nserver.RequestHandlerClass.do_GET = lambda self: self.send_error(404)\nthreading.Thread(target=server.serve_forever, daemon=True).start()\nimport urllib.request\nurllib.request.urlopen(f'http://127.0.0.1:{server.server_port}/a')",
)
case(
    "checksum",
    "p = folder + '/data.txt'\nopen(p, 'w').write('x')\nkeras.utils.get_file('data2.txt', 'file://' + p, file_hash='0' * 64, cache_dir=folder)",
)
case(
    "weights_shape",
    "m, n = small(3), small(5)\nm.save_weights(folder + '/a.weights.h5')\nn.load_weights(folder + '/a.weights.h5')",
)
case(
    "weights_layers",
    "m = small()\nm.save_weights(folder + '/b.weights.h5')\nn = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(3)])\nn.load_weights(folder + '/b.weights.h5')",
)
case("set_weights_count", "small().set_weights([x])", "small().layers[1].set_weights([x])")
case("set_weights_shape", "small().set_weights([np.zeros((3, 4)), np.zeros(3)])")
case(
    "custom_layer_load",
    "class Mine(keras.layers.Layer):\n    def call(self, v):\n        return v\n\n\nm = keras.Sequential([keras.Input((4,)), Mine()])\nm.save(folder + '/mine.keras')\ndel Mine\nkeras.models.load_model(folder + '/mine.keras')",
)
case(
    "lambda_load",
    "m = keras.Sequential([keras.Input((4,)), layers.Lambda(lambda v: v * 2)])\nm.save(folder + '/l.keras')\nkeras.models.load_model(folder + '/l.keras')",
)
case(
    "apps_weights",
    "keras.applications.MobileNetV2(weights='no_such.h5')",
    "keras.applications.MobileNetV2(weights='imagnet')",
)
case("apps_classes", "keras.applications.MobileNetV2(weights='imagenet', classes=5)")
case(
    "apps_small",
    "keras.applications.MobileNetV2(weights=None, input_shape=(16, 16, 3), include_top=False)",
)
case(
    "apps_channels",
    "keras.applications.MobileNetV2(weights='imagenet', include_top=False, input_shape=(96, 96, 1))",
)

# --- tf.data ------------------------------------------------------------------------------

PAIRS = "ds = tf.data.Dataset.from_tensor_slices((pictures, y))\n"
case(
    "map_arguments",
    PAIRS + "ds.map(lambda picture: picture)",
    PAIRS + "def scale(picture):\n    return picture\n\n\nds.map(scale)",
)
case("map_numpy", PAIRS + "ds.map(lambda a, b: (a.numpy(), b))")
case("map_bool", PAIRS + "ds.map(lambda a, b: (a, bool(b)))")
case(
    "tf_dtype",
    "tf.constant([1, 2], tf.uint8) / tf.constant([2.0, 3.0])",
    "tf.constant([1, 2]) * 0.5",
    "tf.constant([1, 2], tf.uint8) + tf.constant([1.0, 2.0])",
)
case(
    "batch_shapes",
    "g = tf.data.Dataset.from_generator(lambda: (np.zeros(n) for n in (2, 3)), output_signature=tf.TensorSpec([None]))\nnext(iter(g.batch(2)))",
)
case("dataset_length", "ds = tf.data.Dataset.from_tensor_slices(x).filter(lambda v: True)\nlen(ds)")
case("dataset_attribute", PAIRS + "ds.shape", PAIRS + "ds.numpy()")
case(
    "data_end",
    "i = iter([1])\nnext(i)\nnext(i)",
    "i = iter(tf.data.Dataset.range(1))\nnext(i)\nnext(i)",
    "i = iter(tf.data.Dataset.range(1))\ni.get_next()\ni.get_next()",
)
case(
    "tfrecord_broken",
    "p = folder + '/a.tfrec'\nopen(p, 'w').write('not a record at all, sorry')\nnext(iter(tf.data.TFRecordDataset(p)))",
)
case(
    "tfrecord_key",
    "tf.io.parse_single_example(tf.train.Example().SerializeToString(), {'image': tf.io.FixedLenFeature([], tf.string)})",
)
case(
    "tfrecord_type",
    "e = tf.train.Example(features=tf.train.Features(feature={'label': tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))}))\ntf.io.parse_single_example(e.SerializeToString(), {'label': tf.io.FixedLenFeature([], tf.string)})",
)
TWO_LABELS = "e = tf.train.Example(features=tf.train.Features(feature={'label': tf.train.Feature(int64_list=tf.train.Int64List(value=[1, 2]))}))\n"
case(
    "tfrecord_count",
    TWO_LABELS
    + "tf.io.parse_single_example(e.SerializeToString(), {'label': tf.io.FixedLenFeature([], tf.int64)})",
    TWO_LABELS
    + "tf.io.parse_example([e.SerializeToString()], {'label': tf.io.FixedLenFeature([3], tf.int64)})",
)
case(
    "layer_in_map",
    "ds = tf.data.Dataset.from_tensor_slices(x).batch(2)\naug = keras.Sequential([layers.Rescaling(2.0), layers.Dense(3)])\nds.map(lambda v: aug(v))",
    on="jax",
)
case(
    "embedding_range",
    "keras.Sequential([layers.Embedding(3, 2)]).predict(np.array([[7]]))",
    on="tensorflow",
)

# --- machine ------------------------------------------------------------------------------

case("memory_numpy", "np.zeros((10**9, 10**9))", "np.ones((10**8, 10**8))")
case("memory_backend", "keras.ops.ones((10**7, 10**7))")
case("tpu_missing", "tf.distribute.cluster_resolver.TPUClusterResolver()", on="tensorflow")
case("tpu_missing", "import jax\njax.devices('tpu')", on="jax")
case("gpu_missing", "import jax\njax.devices('gpu')", on="jax")
DEAD = "m = small()\nm.fit(x, y, verbose=0)\ntry:\n    m.fit(x, one_hot, verbose=0)\nexcept Exception:\n    pass\n"
case(
    "jax_dead_model",
    DEAD + "m.predict(x)",
    DEAD + "m.fit(x, y, verbose=0)",
    DEAD + "m(x)",
    DEAD + "m.get_weights()",
    DEAD + "m.save(folder + '/dead.keras')",
    "m = small()\ntry:\n    m.predict(x[0], verbose=0)\nexcept Exception:\n    pass\nm.evaluate(x, y, verbose=0)",
    on="jax",
)
case(
    "tf_fit_after_failure",
    "m = small()\ntry:\n    m.fit(x, one_hot, verbose=0)\nexcept Exception:\n    pass\nm.fit(x, y, verbose=0)",
    on="tensorflow",
)
case(
    "jax_batch_share",
    "keras.distribution.set_distribution(keras.distribution.DataParallel())\ntry:\n    m = small()\n    m.predict(x[:3])\nfinally:\n    keras.distribution.set_distribution(None)",
    on="jax",
)
case(
    "stopped",
    "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nsignal.raise_signal(signal.SIGINT)",
)
case(
    "plot_lengths",
    "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3], [1, 2])",
)
case(
    "plot_picture_shape",
    "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nplt.imshow(np.zeros((1, 6, 5)))",
    "import matplotlib.pyplot as plt\nplt.imshow(np.zeros((6, 5, 2)))",
)
