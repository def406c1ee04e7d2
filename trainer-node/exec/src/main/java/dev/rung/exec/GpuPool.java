package dev.rung.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The GPUs of a node, each with one attempt at a time. */
final class GpuPool {
  private static final String ALL = "auto";

  private final List<Gpu> gpus;
  private final TreeSet<Integer> free = new TreeSet<>();

  /**
   * @param gpus those that attempts may use
   */
  GpuPool(List<Gpu> gpus) {
    this.gpus = List.copyOf(gpus);
    gpus.forEach(gpu -> free.add(gpu.index()));
  }

  /**
   * The GPUs that an option names.
   *
   * @param option {@code auto}: all; else their indexes, {@code 0,2}
   * @param visible {@code CUDA_VISIBLE_DEVICES} of the node: what others gave it; {@code auto}
   *     takes no more than these
   * @param there those of the machine
   * @throws IllegalArgumentException one is not there, or none is
   */
  static List<Gpu> chosen(String option, Optional<String> visible, List<Gpu> there) {
    boolean all = option.equals(ALL);
    String names = all ? visible.orElse("") : option;
    List<Gpu> chosen = new ArrayList<>();
    if (names.isBlank()) {
      chosen.addAll(there);
    } else {
      for (String name : Arrays.stream(names.split(",", -1)).map(String::strip).toList()) {
        chosen.add(
            there.stream()
                .filter(
                    gpu -> name.equals(Integer.toString(gpu.index())) || gpu.uuid().equals(name))
                .findFirst()
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "expected GPUs of %s, got '%s'".formatted(shown(there), name))));
      }
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("expected a GPU after --gpus, but this machine has none");
    }
    return chosen;
  }

  private static String shown(List<Gpu> gpus) {
    return gpus.stream()
        .map(gpu -> gpu.index() + " (" + gpu.name() + ")")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  int size() {
    return gpus.size();
  }

  /** All of the same model; empty: they differ. */
  Optional<Gpu> model() {
    return gpus.stream().map(Gpu::name).distinct().count() == 1
        ? Optional.of(gpus.get(0))
        : Optional.empty();
  }

  /** Takes some, waiting for those of an attempt that is about to end. */
  synchronized Lease take(int count) throws InterruptedException {
    if (count > gpus.size()) {
      throw new IllegalArgumentException(
          "expected at most %d GPUs for a trial, got %d".formatted(gpus.size(), count));
    }
    while (free.size() < count) {
      wait();
    }
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(free.pollFirst());
    }
    return new Lease(taken);
  }

  private synchronized void giveBack(List<Integer> indexes) {
    free.addAll(indexes);
    notifyAll();
  }

  /** GPUs that one attempt has. */
  final class Lease implements AutoCloseable {
    private final List<Integer> indexes;

    private Lease(List<Integer> indexes) {
      this.indexes = indexes;
    }

    /** As CUDA_VISIBLE_DEVICES has it. */
    String visible() {
      return indexes.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** What pins a process to them: CUDA by itself may count otherwise than the driver's tool. */
    Map<String, String> variables() {
      return Map.of("CUDA_DEVICE_ORDER", "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES", visible());
    }

    @Override
    public void close() {
      giveBack(indexes);
    }
  }
}
