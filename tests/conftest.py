"""Examples that hypothesis makes up are the same in every run, so that a build says what it said.

New ones are looked for with --hypothesis-profile=search.
"""

import signal

from hypothesis import HealthCheck, settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile(
    "search", derandomize=False, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("repeatable")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # In a shell's background Ctrl-C is ignored, and so it would be by the programs under test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
