"""Points or empty trials a second through one of Optuna's durable storages, shared by processes."""

import socket
import time
from multiprocessing import get_context

STUDY = "costs"
POINTS = 100


def rate(what, peer, folder, workers, window):
    """What was reported within the window, a second; each of it has to be in the storage after."""
    import optuna

    spawn = get_context("spawn")
    kind = peer.removeprefix("optuna/")
    place, server = f"{folder}/storage", None
    if kind == "grpc":
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        server = spawn.Process(target=_serve, args=(place, port), daemon=True)
        server.start()
        place = port
    elif kind not in ("journal", "rdb"):
        raise SystemExit(f"expected optuna/journal, optuna/rdb or optuna/grpc, not {peer}")
    storage = _storage(kind, place)
    optuna.create_study(study_name=STUDY, storage=storage)
    barrier, counts = spawn.Barrier(workers), spawn.Queue()
    arguments = (what, kind, place, window, barrier, counts)
    processes = [spawn.Process(target=_work, args=arguments) for _ in range(workers)]
    for process in processes:
        process.start()
    found = [counts.get() for _ in processes]
    for process in processes:
        process.join()
    trials = optuna.load_study(study_name=STUDY, storage=_storage(kind, place)).trials
    stored = sum(len(trial.intermediate_values) for trial in trials)
    told = sum(total for _, total in found)
    if stored < told:
        raise SystemExit(f"expected {told} points in the storage, but it has {stored}")
    if server:
        server.terminate()
        server.join()
    return sum(within for within, _ in found) / window[1]


def _storage(kind, place):
    import optuna
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    if kind == "journal":
        return optuna.storages.JournalStorage(JournalFileBackend(place))
    if kind == "rdb":
        return optuna.storages.get_storage(f"sqlite:///{place}")
    proxy = optuna.storages.GrpcStorageProxy(host="localhost", port=place)
    proxy.wait_server_ready(timeout=60)
    return proxy


def _serve(place, port):
    import optuna

    optuna.storages.run_grpc_proxy_server(_storage("rdb", place), host="localhost", port=port)


def _work(what, kind, place, window, barrier, counts):
    import optuna

    study = optuna.load_study(
        study_name=STUDY,
        storage=_storage(kind, place),
        sampler=optuna.samplers.RandomSampler(),
        pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=10, reduction_factor=2),
    )
    points = POINTS if what == "points" else 1
    barrier.wait()
    begin = time.monotonic() + window[0]
    end = begin + window[1]
    total = within = 0
    while time.monotonic() < end:
        trial = study.ask()
        value = trial.suggest_float("x", 0.0, 1.0)
        pruned = False
        for step in range(1, points + 1):
            trial.report(value, step)
            total += 1
            within += what == "points" and begin <= time.monotonic() < end
            pruned = trial.should_prune()
            if pruned or time.monotonic() >= end:
                break
        if pruned:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            study.tell(trial, value)
        within += what == "trials" and begin <= time.monotonic() < end
    counts.put((within, total))
