"""`python -m simulate`, and the shell command `simulate`."""

# `signal` itself, with its enumerations, takes ten times as long to load.
import _signal  # type: ignore[import-not-found]  # not in typeshed


def main() -> None:
    """Load the command line and run it."""
    # During an import, an interrupt would print a traceback or get lost. Until the command can
    # clean up, an interrupt simply ends it.
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from simulate import cli

    cli.main()


if __name__ == "__main__":
    main()
