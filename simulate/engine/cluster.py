"""Other machines: the workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from simulate._version import __version__
from simulate.engine.sampling.streams import STREAM
from simulate.engine.workers import Workers
from simulate.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

Value = TypeVar("Value")

LOCAL = "local"
_PATIENCE_SECONDS = 10  # longest wait for the scheduler to answer, or for any worker to appear
_START_SECONDS = 60  # longest wait for workers to load this package
_PULSE_SECONDS = 1
_RETRIES = 3  # how often work is given to another worker after one died with it
_KEEP_MEMORY = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
"""By default Dask makes workers return memory to the system at once, which slows down
arrays that are allocated block by block threefold."""


@contextmanager
def dask_workers(address: str, workers: int | None = None) -> Iterator[Workers]:
    """Use the workers of a Dask cluster.

    The address is the scheduler's, such as "tcp://10.0.0.5:8786", or "local" for processes on this
    machine that end with the context: `workers` of them, by default one for each core.

    Raises
    ------
    ClusterError
        If Dask is not installed, there is no scheduler or worker at the address, or one of them
        has other versions than this process; later, if the scheduler or the last worker is lost.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
        from distributed.utils import silence_logging_cmgr
    except ImportError:
        raise ClusterError(
            "a Dask cluster needs Dask; install it with: pip install 'simulate-depletion[cluster]'"
        ) from None
    if not address:  # Dask would start a cluster of its own
        raise ClusterError("the address of the Dask scheduler is empty")
    with ExitStack() as stack:
        stack.enter_context(silence_logging_cmgr(logging.CRITICAL))
        try:
            if address == LOCAL:
                with dask.config.set(_KEEP_MEMORY):
                    cluster = LocalCluster(
                        n_workers=Workers(workers).size,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",
                        memory_limit=0,
                        silence_logs=logging.ERROR,
                    )
                address = stack.enter_context(cluster).scheduler_address
            elif address.startswith("tls:"):
                _check_certificates()
            client = stack.enter_context(
                Client(address, timeout=_PATIENCE_SECONDS, set_as_default=False)
            )
            failed = ""
        # Dask asserts that there is a port; processes that do not start are a RuntimeError.
        except (OSError, ValueError, AssertionError, RuntimeError) as error:
            failed = str(error) or type(error).__name__
        if failed:
            # A client that failed blocks for ever if it is collected while Dask starts the next.
            gc.collect()
            raise ClusterError(f"no Dask scheduler at {address}: {failed}")
        at_work = _DaskExecutor(client, address)
        stack.callback(at_work.stop)
        yield Workers(at_work.threads, at_work)


def _check_certificates() -> None:
    from distributed.security import Security

    if Security().get_connection_args("client")["ssl_context"] is None:
        raise ValueError(
            "tls:// needs the certificates that the scheduler accepts; name their files in "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and "
            "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY, or in Dask's own configuration"
        )


class _DaskExecutor(Executor):
    """The workers of a cluster; work fails at once when none of them can do it.

    All waiting happens in the event loop of the client, so nothing here needs a lock.
    """

    def __init__(self, client: Client, address: str) -> None:
        self._client, self._address = client, address
        self._known: set[str] = set()
        try:
            self.threads: int = client.sync(self._begin, callback_timeout=_START_SECONDS)
        except OSError as error:
            raise self._gone() from error

    async def _begin(self) -> int:
        """Compare the versions everywhere, and give the number of threads."""
        try:
            there = await self._client.run_on_scheduler(_versions)
        except Exception as error:  # noqa: BLE001  (loading what is missing can raise anything)
            there = error
        _check({f"scheduler at {self._address}": there})
        workers = await self._client.nthreads()
        if not workers:
            raise ClusterError(f"the Dask scheduler at {self._address} has no workers")
        await self._meet(workers)
        self._lost = asyncio.ensure_future(self._watch())
        return sum(workers.values())

    async def _meet(self, workers: Iterable[str]) -> None:
        """Compare the versions of new workers, except those already gone."""
        if new := [worker for worker in workers if worker not in self._known]:
            found = await self._client.run(_versions, workers=new, on_error="return")
            found = {w: there for w, there in found.items() if not isinstance(there, OSError)}
            _check({f"worker at {worker}": there for worker, there in found.items()})
            self._known.update(found)

    async def _watch(self) -> ClusterError:
        """The error to raise once the cluster can no longer work."""
        seen = time.monotonic()
        while time.monotonic() - seen < _PATIENCE_SECONDS:
            await asyncio.sleep(_PULSE_SECONDS)
            try:
                workers = await asyncio.wait_for(self._client.nthreads(), _PATIENCE_SECONDS)
                await self._meet(workers)
            except OSError:
                return self._gone()
            except ClusterError as error:
                return error
            if workers:
                seen = time.monotonic()
        return ClusterError(f"the Dask scheduler at {self._address} has lost all its workers")

    def _gone(self) -> ClusterError:
        return ClusterError(f"the Dask scheduler at {self._address} no longer answers")

    def submit(self, function: Callable[..., Value], /, *args: Any, **kwargs: Any) -> Future[Value]:
        """Give work to the cluster; its future raises ClusterError where the cluster fails."""
        loop = self._client.loop.asyncio_loop
        return asyncio.run_coroutine_threadsafe(self._value(function, *args, **kwargs), loop)

    async def _value(self, function: Callable[..., Value], /, *args: Any, **kwargs: Any) -> Value:
        from distributed import KilledWorker

        work = self._client.submit(function, *args, pure=False, retries=_RETRIES, **kwargs)
        waiting = asyncio.ensure_future(work.result())
        try:
            await asyncio.wait({waiting, self._lost}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                raise self._lost.result()
            value: Value = waiting.result()
        except CancelledError as error:  # by Dask, where it loses the connection
            raise self._gone() from error
        except KilledWorker as error:
            raise ClusterError(
                f"{_RETRIES + 1} Dask workers died with the same part of the run; "
                "they may have too little memory"
            ) from error
        finally:
            waiting.cancel()
        return value

    def stop(self) -> None:
        """Stop watching; the client is closed elsewhere."""
        self._client.loop.add_callback(self._lost.cancel)


def _versions() -> dict[str, str]:
    """Versions that decide the numbers and that a result records."""
    return {
        "simulate": __version__,
        "stream": STREAM,
        "Python": platform.python_version(),
        "numpy": np.__version__,
    }


def _check(found: Mapping[str, Mapping[str, str] | Exception]) -> None:
    """Refuse processes with other versions than this one: name the first, and count the rest."""
    unlike = [f"{place} {words}" for place, there in found.items() if (words := _unlike(there))]
    if unlike:
        more = f" (so do {len(unlike) - 1} more)" if len(unlike) > 1 else ""
        raise ClusterError(
            f"the Dask {unlike[0]}{more}; the scheduler and all workers need the versions "
            "that are installed here"
        )


def _unlike(there: Mapping[str, str] | Exception) -> str:
    ours = _versions()
    if isinstance(there, Exception):
        return f"cannot load simulate {ours['simulate']}: {there}"
    others = [f"{name} {there[name]}" for name in ours if there[name] != ours[name]]
    here = [f"{name} {ours[name]}" for name in ours if there[name] != ours[name]]
    return f"has {', '.join(others)} instead of {', '.join(here)}" if others else ""
