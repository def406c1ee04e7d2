"""Syne Tune's own simulator and tuner, with a table of learning curves as its tabular blackbox.

Usage: python syne_tune_simulator.py TABLE [--seed 1] [--min 3]

Prints the points a second of a race by ASHA, in CPU time, and on the next line its points. The
tuner's loop counts, and neither reading the table, what happens only the first time, nor its report.
"""

import argparse
import io
import os
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from contenders import CONTENDERS, silence
from races import LENGTHS, WORKERS, Best
from tables import Table, UnusedRows

# Simulated seconds of a point, so many that the real time of the tuner, which the simulator adds,
# does not count beside them.
POINT = 1000.0


def simulate(contender, table, rows, end):
    """The run of a contender by Syne Tune's ASHA until a time, and the seconds of CPU it took."""
    from syne_tune import StoppingCriterion, Tuner
    from syne_tune.backend.simulator_backend.simulator_backend import SimulatorConfig
    from syne_tune.backend.simulator_backend.simulator_callback import SimulatorCallback
    from syne_tune.blackbox_repository import UserBlackboxBackend
    from syne_tune.constants import ST_TRIAL_ID, ST_TUNER_TIME
    from syne_tune.tuner_callback import TunerCallback

    class Clock(TunerCallback):
        def on_tuning_start(self, tuner):
            self.begin = time.process_time()

        def on_loop_end(self):
            self.seconds = time.process_time() - self.begin

    _propose_rows(contender.scheduler, table, rows)
    results, clock = SimulatorCallback(), Clock()
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        os.environ["SYNETUNE_FOLDER"] = folder
        tuner = Tuner(
            # No delays, as in our loop; the tuner looks once a point, as seldom as it can.
            trial_backend=UserBlackboxBackend(
                _blackbox(table),
                elapsed_time_attr="elapsed",
                seed=0,
                simulator_config=SimulatorConfig(0, 0, 0, 0, 0),
                tuner_sleep_time=POINT,
            ),
            scheduler=contender.scheduler,
            # Half a point later, since real time adds up.
            stop_criterion=StoppingCriterion(max_wallclock_time=(end + 0.5) * POINT),
            n_workers=WORKERS,
            sleep_time=0,
            results_update_interval=600,
            print_update_interval=600,
            callbacks=[results, clock],
            save_tuner=False,
        )
        with redirect_stdout(io.StringIO()):
            tuner.run()
    best, trials = Best(), set()
    for result in results.results:
        at = int(result[ST_TUNER_TIME] / POINT)
        if at <= end:
            best.hear(at, float(result["loss"]))
            trials.add(result[ST_TRIAL_ID])
    return best.run(len(trials)), clock.seconds


def _propose_rows(scheduler, table, rows):
    """Lets it propose the nearest unused row instead of a point, and nothing when all are used."""
    from syne_tune.optimizer.scheduler import TrialSuggestion

    suggest = scheduler.suggest

    def row():
        if not rows.any():
            return None
        point = suggest().config
        nearest = rows.nearest([point[name] for name in table.names])
        return TrialSuggestion.start_suggestion(
            dict(zip(table.names, table.points[nearest].tolist()))
        )

    scheduler.suggest = row


def _blackbox(table):
    import numpy as np
    import pandas
    from syne_tune.blackbox_repository.blackbox_tabular import BlackboxTabular
    from syne_tune.config_space import randint, uniform

    times = np.tile(POINT * np.arange(1, table.length + 1), (len(table.losses), 1))
    return BlackboxTabular(
        hyperparameters=pandas.DataFrame(table.points, columns=table.names),
        configuration_space={name: uniform(0.0, 1.0) for name in table.names},
        fidelity_space={"step": randint(1, table.length)},
        objectives_evaluations=np.stack([np.array(table.losses), times], axis=-1)[:, None],
        objectives_names=["loss", "elapsed"],
    )


def main():
    silence()
    options = argparse.ArgumentParser()
    options.add_argument("table", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--min", type=int, default=3)
    given = options.parse_args()
    table = Table(given.table)
    for lengths in (1, LENGTHS):
        rows = UnusedRows(table, given.seed)
        contender = CONTENDERS["syne-tune/asha"](table, rows, given.seed, given.min)
        run, seconds = simulate(contender, table, rows, lengths * table.length)
    print(run.points / seconds, run.points, sep="\n")


if __name__ == "__main__":
    main()
