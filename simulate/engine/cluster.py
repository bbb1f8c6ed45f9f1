"""Other machines: the workers of a Dask cluster as a workforce."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from simulate.engine.workforce import Workforce
from simulate.errors import ClusterError

LOCAL = "local"
_PATIENCE_SECONDS = 10
_RETRIES = 3
"""How often a part of the work is given to another worker after one has died with it."""

_KEEP_MEMORY = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
"""Otherwise Dask makes workers give memory back to the system at once; arrays that come and go by
the block then take three times as long."""


@contextmanager
def dask_workforce(address: str, workers: int | None = None) -> Iterator[Workforce]:
    """Give the workers of a Dask cluster as a workforce.

    Parameters
    ----------
    address : str
        Of the scheduler, such as "tcp://10.0.0.5:8786", or "local" for a cluster of processes on
        this machine that lasts as long as the context.
    workers : int, optional
        Processes of a local cluster, by default one for each core.

    Raises
    ------
    ClusterError
        If Dask is not installed, or there is no scheduler, or no worker, at the address.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise ClusterError(
            "--dask needs Dask; install it with: pip install 'simulate-depletion[cluster]'"
        ) from None
    if not address:  # Dask would start a cluster of its own
        raise ClusterError("the address of the Dask scheduler is empty")
    with ExitStack() as stack:
        try:
            if address == LOCAL:
                with dask.config.set(_KEEP_MEMORY):
                    cluster = LocalCluster(
                        n_workers=Workforce(workers).size,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",
                        memory_limit=0,
                        silence_logs=logging.ERROR,
                    )
                address = stack.enter_context(cluster).scheduler_address
            client = stack.enter_context(
                Client(address, timeout=_PATIENCE_SECONDS, set_as_default=False)
            )
            failed = ""
        except (OSError, ValueError, AssertionError) as error:  # Dask asserts that there is a port
            failed = str(error) or type(error).__name__
        if failed:
            # A client that failed blocks for ever if it is collected while Dask starts the next.
            gc.collect()
            raise ClusterError(f"no Dask scheduler at {address}: {failed}")
        threads = sum(client.nthreads().values())
        if not threads:
            raise ClusterError(f"the Dask scheduler at {address} has no workers")
        yield Workforce(threads, client.get_executor(pure=False, retries=_RETRIES))
