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
  static void plan(Simulation simulation, Failpoint trap, KeyedRandom random) {
    Storm storm = new Storm(simulation, random);
    storm.leadTo(trap);
    int gusts = 1 + random.nextInt(10);
    for (int i = 0; i < gusts; i++) {
      simulation.timeline().after(storm.time(), storm::gust);
    }
  }

  /** Sees to it that a world comes to a point that few would come to. */
  private void leadTo(Failpoint trap) {
    for (String study : simulation.studies()) {
      switch (trap) {
        case AFTER_COMMIT_OF_PAUSE, AFTER_COMMIT_OF_RESUME ->
            simulation.timeline().after(time() / 4, () -> pause(study));
        case AFTER_COMMIT_OF_STOPPING ->
            simulation
                .timeline()
                .after(
                    time() / 2,
                    () -> simulation.send(study, new StudyCommand.Stop(EndReason.STOPPED, false)));
        case AFTER_COMMIT_OF_LATE_ENTRIES ->
            simulation.timeline().after((3_100 + random.nextInt(1_000)) * MILLIS, this::zombie);
        default -> {
          // Comes by itself.
        }
      }
    }
  }

  private void pause(String study) {
    simulation.send(study, new StudyCommand.Pause("by hand"));
    later(10_000, () -> simulation.send(study, new StudyCommand.Resume()));
  }

  /** Every machine freezes and comes back when its attempts were given up. */
  private void zombie() {
    simulation.wires().forEach(Wire::deafen);
    simulation
        .timeline()
        .after(
            3_000 * MILLIS,
            () -> {
              simulation.wires().forEach(Wire::cut);
              for (Host host : List.copyOf(simulation.hosts())) {
                host.freeze();
                simulation.timeline().after(70_000 * MILLIS, host::thaw);
              }
            });
  }

  private void drain(Host host) {
    host.drain();
    later(30_000, () -> simulation.startHost(host.name()));
  }

  private void freeze(Host host) {
    host.freeze();
    later(80_000, host::thaw);
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
          freeze(host);
        }
      }
      case 8, 9 -> {
        if (host != null) {
          simulation.startHost(host.name());
        }
      }
      case 10 -> {
        if (host != null) {
          drain(host);
        }
      }
      case 11, 12 -> simulation.wires().forEach(Wire::cut);
      case 13, 14 -> {
        if (simulation.server().isUp()) {
          simulation.server().handOff(study);
        }
      }
      case 15, 16, 17 -> pause(study);
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
      case 21 -> simulation.clock().jump((random.nextInt(7_200) - 3_600) * 1_000L);
      default -> later(5_000, simulation::crash);
    }
  }
}
