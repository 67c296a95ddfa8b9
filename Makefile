# দুটো কমান্ডই যথেষ্ট: `make lab` শেখার জন্য, `make test` সব ঠিক আছে কি না দেখার জন্য।
PYTHON ?= python3
PORT ?=
BIN := .venv/bin
# LESSON=03 limits `make notebooks` and `make nbval` to that lesson.
LESSON ?=

.PHONY: help lab test check notebooks nbval test-browser test-colab clean

help:
	@echo 'make lab            JupyterLab-এ প্রথম পাঠ খোলে (make lab PORT=9000 দিলে ওই পোর্টে)'
	@echo 'make test           সব পরীক্ষা চালায়'
	@echo 'make check          শুধু দ্রুত পরীক্ষাগুলো চালায়'
	@echo 'make notebooks      lessons/ থেকে notebooks/ বানায় (LESSON=01 দিলে শুধু সেটা)'
	@echo 'make nbval          নোটবুকগুলো চালিয়ে ফল মেলায়'
	@echo 'make test-colab     Colab-এর মতো পরিবেশ বানিয়ে পাঠগুলো চালায়'
	@echo 'make test-browser   আসল ব্রাউজারে প্রথম পাঠ চালায়'

lab:
	@$(PYTHON) tools/setup_venv.py lab
	@$(BIN)/python tools/lab.py $(PORT)

# Two files at a time: a file's tests share a browser, an environment or a folder. In the order
# of tests/conftest.py, the long files first; xdist's own would keep them for the end.
test: .test-venv
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .test-venv
	@$(BIN)/ruff check --quiet . && $(BIN)/python -m pytest -q -m fast

notebooks: .test-venv
	@$(BIN)/python tools/build_notebooks.py $(LESSON)

nbval: .test-venv
	@KERAS_BANGLA_NOTEBOOKS=all $(BIN)/python -m pytest -m notebooks $(if $(LESSON),-k $(LESSON))

test-browser: .test-venv
	@$(BIN)/python -m pytest -m browser

test-colab: .test-venv
	@KERAS_BANGLA_COLAB=all $(BIN)/python -m pytest -m colab

clean:
	rm -rf .venv build .pytest_cache .ruff_cache

.PHONY: .test-venv
.test-venv:
	@$(PYTHON) tools/setup_venv.py test
