"""Programs that print the peak memory of a run, in MB."""

PRINTED = """
import pathlib, resource, sys
status = pathlib.Path("/proc/self/status")
if status.exists():
    # Linux hands ru_maxrss on from the process that starts one: it would be that of the tests.
    print(int(status.read_text().partition("VmHWM:")[2].split()[0]) / 2**10)
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (2**20 if sys.platform == "darwin" else 2**10))
"""
"""Prints the peak memory of its own process so far, in MB."""

PEAK = (
    """
import sys
from simulate.scenario.model import Scenario
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import run_plan

lognormal = lambda p5, p95: {"distribution": "lognormal", "p5": p5, "p95": p95}
scenario = Scenario.model_validate({
    "title": "a case",
    "force": {"size": lognormal(10000, 12000)},
    "losses": {
        "count": lognormal(3000, 4000), "start": "2024-12-06",
        "as_of": {"distribution": "uniform", "low": "2025-01-04", "high": "2025-01-16"},
    },
})
run_plan(plan_for(scenario, draws=int(sys.argv[1]), seed=0, method="lattice"))
"""
    + PRINTED
)

PEAK_STRENGTH = (
    PEAK.replace('method="lattice"', 'method="lattice", strength=True')
    .replace('"force":', '"horizon": "2025-01-18", "force":')
    .replace("2024-12-06", "2025-01-02")
)
"""The same with strength and losses by date, for few dates to be quick."""
