"""Bengali numbers, and errors that show a sentence instead of a traceback."""

import pytest

from helpers.messages import Problem, bn, percent


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (0, None, "০"),
        (999, None, "৯৯৯"),
        (1000, None, "১,০০০"),
        (123456, None, "১,২৩,৪৫৬"),
        (12345678, None, "১,২৩,৪৫,৬৭৮"),
        (-5000, None, "-৫,০০০"),
        (0.8765, 2, "০.৮৮"),
        (1234.5, 1, "১,২৩৪.৫"),
        ("01", None, "০১"),
    ],
)
def test_numbers(number, digits, text):
    assert bn(number, digits) == text


def test_percent():
    assert percent(0.876) == "৮৮%" and percent(0.8769, 1) == "৮৭.৭%"


def test_a_problem_shows_its_sentence_only():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    with capture_output() as captured:
        result = shell.run_cell("from helpers.messages import Problem\nraise Problem('ছবিটা ভাঙা।')")
    assert isinstance(result.error_in_exec, Problem)  # tools still see a failure
    assert "ছবিটা ভাঙা।" in captured.stdout + captured.stderr
    assert "Traceback" not in captured.stdout + captured.stderr
