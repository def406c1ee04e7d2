package dev.rung.simulation;

import dev.rung.space.KeyedRandom;
import dev.rung.study.EndReason;
import dev.rung.study.StudyCommand;
import java.util.ArrayList;
import java.util.List;

/** What happens to a world while the storm rages. */
final class Storm {
  private static final long MILLIS = 1_000_000;

  private final Simulation simulation;
  private final KeyedRandom random;

  private Storm(Simulation simulation, KeyedRandom random) {
    this.simulation = simulation;
    this.random = random;
  }

  /** Plans the storm of a seed. */
  static void plan(Simulation simulation, KeyedRandom random) {
    Storm storm = new Storm(simulation, random);
    int gusts = 1 + random.nextInt(10);
    for (int i = 0; i < gusts; i++) {
      simulation.timeline().after(storm.time(), storm::gust);
    }
  }

  private long time() {
    return random.nextInt(simulation.style().stormSeconds() * 1_000) * MILLIS;
  }

  private void later(int mostMillis, Runnable action) {
    simulation.timeline().after(random.nextInt(mostMillis) * MILLIS, action);
  }

  private void gust() {
    List<Host> up = simulation.hosts().stream().filter(Host::isUp).toList();
    Host host = up.isEmpty() ? null : up.get(random.nextInt(up.size()));
    List<String> studies = new ArrayList<>(simulation.studies());
    String study = studies.get(random.nextInt(studies.size()));
    int dice = random.nextInt(24);
    simulation.history().note("gust " + dice);
    switch (dice) {
      case 0, 1 -> simulation.crash();
      case 2, 3, 4 -> {
        if (host != null) {
          host.kill();
          later(20_000, () -> simulation.startHost(host.name()));
        }
      }
      case 5, 6, 7 -> {
        if (host != null) {
          host.freeze();
          later(80_000, host::thaw);
        }
      }
      case 8, 9 -> {
        if (host != null) {
          simulation.startHost(host.name());
        }
      }
      case 10 -> {
        if (host != null) {
          host.drain();
          later(30_000, () -> simulation.startHost(host.name()));
        }
      }
      case 11, 12 -> List.copyOf(simulation.wires()).forEach(Wire::cut);
      case 13, 14 -> {
        if (simulation.server().isUp()) {
          simulation.server().handOff(study);
        }
      }
      case 15, 16, 17 -> {
        simulation.send(study, new StudyCommand.Pause("by hand"));
        later(10_000, () -> simulation.send(study, new StudyCommand.Resume()));
      }
      case 18 -> simulation.send(study, new StudyCommand.Resume());
      case 19 -> {
        if (random.nextInt(2) == 0) {
          simulation.send(study, new StudyCommand.Stop(EndReason.STOPPED, false));
        }
      }
      case 20 -> {
        if (random.nextInt(2) == 0) {
          simulation.send(study, new StudyCommand.Stop(EndReason.CANCELLED, true));
        }
      }
      case 21 -> simulation.jumpClock((random.nextInt(7_200) - 3_600) * 1_000L);
      default -> later(5_000, simulation::crash);
    }
  }
}
