"""Takes a person's ratings of what the trials of ratings.yaml have drawn.

``python rate.py`` asks for each as soon as it waits, without a word of how it was made; an empty
line leaves it for later, and the end of the input (Ctrl-D) ends.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import rung

LATER = None


def rate(study: rung.Study, opinion: Callable[[Path], "float | None"], folder: Path) -> int:
    """Asks for an opinion of each sheet until the study has ended; says how many it got."""
    given = 0
    while study.refresh().state != "ended":
        for trial in study.trials("awaiting_metric"):
            drawn = folder / f"{trial.number}-{trial.step}"
            if not drawn.exists():
                study.checkpoint(trial.number, drawn)
            rating = opinion(drawn / "sheet.png")
            if rating is not LATER:
                # For the rung that was looked at, and for no other.
                study.put_metric(trial.number, "rating", rating, rung=trial.step)
                given += 1
        time.sleep(0.5)
    return given


def ask_a_person(sheet: Path) -> "float | None":
    """Asks at the terminal until it is told a number from 0 to 10, or nothing."""
    while True:
        said = input(f"How good are the digits of {sheet}, from 0 to 10? ")
        try:
            if not said.strip() or 0 <= float(said) <= 10:
                return float(said) if said.strip() else LATER
        except ValueError:
            pass


def main(name: str = "ratings") -> None:
    """Rates a study of the server that ``$RUNG_SERVER`` names, else of this machine's."""
    with rung.Client() as client, tempfile.TemporaryDirectory() as folder:
        study = client.study(name)
        try:
            print(f"{rate(study, ask_a_person, Path(folder))} ratings given.")
            print(f"The best is trial {study.best.trial}: {study.best.metrics}")
        except EOFError:
            print("\nThe study waits for the rest.")


if __name__ == "__main__":
    main(*sys.argv[1:])
