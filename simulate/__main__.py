"""`python -m simulate`, and the shell command `simulate`."""

# Without the enumerations of `signal`, which take ten times as long to load.
import _signal  # type: ignore[import-not-found]


def main() -> None:
    """Load the command line and run it."""
    # Raised in the middle of an import, an interrupt is told as a traceback, or lost. Until the
    # command can stop in good order, it simply ends.
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from simulate import cli

    cli.main()


if __name__ == "__main__":
    main()
