import subprocess
import sys
from pathlib import Path

import pytest

from bench.payloads import payloads
from config.local.places import ROOT

RUNS = 20_000


@pytest.mark.slow
def test_nothing_that_a_fuzzer_makes_up_is_more_than_refused(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="There is no atheris for this machine.")
    for number, payload in zip(range(6), payloads(1), strict=False):
        (tmp_path / str(number)).write_text(f"{1 + number % 2}{payload.body}")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.learning.fuzzing",
            f"-runs={RUNS}",
            "-seed=7",
            "-max_len=2000",
            tmp_path,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert f"Done {RUNS} runs" in done.stderr
