"""Forks do every item once, and end with whoever started them. Each case has a process of its own.

A worker of the tests has several threads, and so cannot be forked.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from simulate.engine.forked import can_fork
from tests.cli.process import environment
from tests.hang_guard import hang_guard

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are for Linux")

BEGIN = """\
import os, signal, sys, threading, time
from pathlib import Path
from simulate.engine.forked import can_fork, forked
from simulate.engine.workers import Workers
items = list(range(40))

def gone(pids):
    for pid in pids:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        return False
    return True
"""


def begun(code: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", BEGIN + textwrap.dedent(code)]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, stdout=pipe, stderr=pipe, env=environment(), text=True)


def printed(code: str) -> str:
    out, err = begun(code).communicate(timeout=120)
    assert not err
    return out


def test_each_item_once_by_two_children_that_inherit_all_they_need() -> None:
    out = printed("""
        assert can_fork()
        secret = lambda number: (number * number, os.getpid(), b"x" * 300_000)
        def slow(number):
            time.sleep(0.01)
            return secret(number)
        found = dict(forked(slow, items, 2))
        assert sorted(found) == items
        assert all(value[0] == item * item for item, value in found.items())
        pids = {value[1] for value in found.values()}
        assert len(pids) == 2 and os.getpid() not in pids and gone(pids)
        print("fine")
    """)
    assert out == "fine\n"


def test_what_is_not_yet_written_is_written_once() -> None:
    out = printed("""
        print("once", end=" ")
        assert len(list(forked(abs, items, 3))) == 40
        print("only")
    """)
    assert out == "once only\n"


@pytest.mark.parametrize("end", ["os._exit(9)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_child_that_is_killed_costs_no_item(end: str, tmp_path: Path) -> None:
    out = printed(f"""
        def dies_once(number):
            try:
                Path({str(tmp_path / "dead")!r}).touch(exist_ok=False)
            except FileExistsError:
                return number
            {end}
        assert sorted(forked(dies_once, items, 2)) == [(i, i) for i in items]
        print("all")
    """)
    assert (tmp_path / "dead").exists()
    assert out == "all\n"


def test_a_fault_is_raised_with_the_place_where_it_happened() -> None:
    out = printed("""
        import traceback
        def faulty(number):
            return 1 / (number - 5)
        try:
            list(forked(faulty, items, 2))
        except ZeroDivisionError as error:
            print(traceback.extract_tb(error.__traceback__)[-1].name)
    """)
    assert out == "faulty\n"


def test_children_end_with_an_iterator_that_is_left() -> None:
    out = printed("""
        def slow(number):
            time.sleep(0.01 if number < 2 else 1000)
            return os.getpid()
        found = forked(slow, items, 2)
        pids = {next(found)[1], next(found)[1]}
        found.close()
        assert gone(pids)
        print("ended")
    """)
    assert out == "ended\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_children_end_with_their_parent(number: int, tmp_path: Path) -> None:
    process = begun(f"""
        def endless(number):
            Path({str(tmp_path)!r}, str(os.getpid())).touch()
            while True:
                pass
        signal.signal(signal.SIGTERM, lambda *_: os._exit(1))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            list(forked(endless, items, 2))
        except KeyboardInterrupt:
            pass
    """)
    with hang_guard():
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        process.send_signal(number)
        # Its output ends only once its children have left too.
        assert process.communicate() == ("", "")


def test_a_process_with_threads_is_not_forked() -> None:
    out = printed("""
        stop = threading.Event()
        def own(number):
            return os.getpid()
        def pids(**given):
            found = Workers(2, forks=True).each(own, items, worth_threads=True, **given)
            return {value for _, value in found}
        assert os.getpid() not in pids(short_calls=True)
        assert pids() == {os.getpid()}
        threading.Thread(target=stop.wait).start()
        assert not can_fork()
        assert pids(short_calls=True) == {os.getpid()}
        stop.set()
        print("threads")
    """)
    assert out == "threads\n"


def test_elsewhere_threads_do_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "iterdir", lambda _: ["1"])
    assert can_fork()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not can_fork()
