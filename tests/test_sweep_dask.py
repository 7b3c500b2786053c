"""The same sweep on a Dask cluster of real processes on this machine."""

from __future__ import annotations

import os
import signal

import pytest

import clusterplan as cp
from clusterplan.explore.sweeps import seeds

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def tasks_of(region):
    never = cp.Condition({("place", "seats", "south"): 1.0, ("place", "seats", "north"): 1.0}, at_least=2)
    return [
        *seeds(region, range(6)),
        cp.Task("free", region, weights={"freight": 0.0}),
        cp.Task("never", region, conditions=(never,)),
    ]


def test_a_dask_cluster_that_loses_a_worker_gives_what_one_process_gives(client, tmp_path):
    tasks = tasks_of(cp.load_region("tiny"))
    serial = cp.sweep(tasks, executor="serial").frame
    workers = client.run(os.getpid)
    killed = []

    def kill(running) -> None:
        if running.done == 1 and not killed:
            killed.append(next(iter(workers.values())))
            os.kill(killed[0], signal.SIGKILL)

    swept = cp.sweep(tasks, executor=client.get_executor(), folder=tmp_path, on_progress=kill)
    assert killed
    assert swept.frame["status"].equals(serial["status"])
    assert swept.frame["address"].equals(serial["address"])
    assert (swept.frame["value"] - serial["value"]).abs().max() < 1e-9
    assert cp.verify(swept.plan("free")).empty
    again = cp.sweep(tasks, executor=client.get_executor(), folder=tmp_path)
    assert set(again.frame["source"]) == {"read"}
    assert client.submit(int, "3").result() == 3, "the cluster is left open"
