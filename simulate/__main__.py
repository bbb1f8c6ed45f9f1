"""`python -m simulate`, and the shell command `simulate`."""

# `signal` itself, with its enumerations, takes ten times as long to load.
import _signal  # type: ignore[import-not-found]  # not in typeshed
import atexit
import gc
import os
import sys


def main() -> None:
    """Load the command line and run it."""
    # Imports make many objects and no garbage.
    gc.set_threshold(100_000, 50, 1000)
    # During an import, an interrupt would print a traceback or get lost. Until the command can
    # clean up, an interrupt simply ends it.
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from simulate import cli

    try:
        cli.main()
    except SystemExit as stop:
        if isinstance(stop.code, int) and sys.getprofile() is None and sys.gettrace() is None:
            _leave(stop.code)
        raise


def _leave(code: int) -> None:
    """End the process without freeing every module and array, which the system does faster.

    All files are closed by now. What libraries registered for the exit is done here, and streams
    are flushed. A profiler or debugger still has work to do, and ends as usual.
    """
    atexit._run_exitfuncs()  # noqa: SLF001  (what the interpreter calls; it has no other name)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # closed, or its reader has left
            continue
    os._exit(code)


if __name__ == "__main__":
    main()
