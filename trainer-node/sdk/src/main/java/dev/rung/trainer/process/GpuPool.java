package dev.rung.trainer.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The GPUs of a node, each with one attempt at a time. */
public final class GpuPool {
  private static final String ALL = "auto";
  private static final int LONGEST_LABEL = 64;

  private final List<Gpu> gpus;
  private final Supplier<List<GpuReading>> driver;
  private final TreeSet<Integer> free = new TreeSet<>();

  /**
   * @param gpus those that attempts may use
   */
  public GpuPool(List<Gpu> gpus) {
    this(gpus, List::of);
  }

  /**
   * @param gpus those that attempts may use
   * @param driver says what all GPUs of the machine do now, or throws IllegalStateException
   */
  public GpuPool(List<Gpu> gpus, Supplier<List<GpuReading>> driver) {
    this.driver = driver;
    this.gpus = List.copyOf(gpus);
    gpus.forEach(gpu -> free.add(gpu.index()));
  }

  /**
   * The GPUs that are asked for, as the driver's tool knows them.
   *
   * @param option {@code auto}, or their indexes, {@code 0,2}
   * @throws IllegalArgumentException one is not there, none is, or the driver does not say
   */
  public static GpuPool find(String option) {
    try {
      Optional<String> visible = Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES"));
      return new GpuPool(chosen(option, visible, NvidiaSmi.list()), NvidiaSmi::readings);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("no GPU for --gpus " + option + ": " + e.getMessage(), e);
    }
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

  /** How many there are. */
  public int size() {
    return gpus.size();
  }

  /**
   * What they do now.
   *
   * @throws IllegalStateException the driver does not say
   */
  public List<GpuReading> readings() {
    Set<Integer> mine = gpus.stream().map(Gpu::index).collect(Collectors.toSet());
    return driver.get().stream().filter(reading -> mine.contains(reading.index())).toList();
  }

  /** What a node tells of its GPUs, where all are of the same model. */
  public Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    if (gpus.stream().map(Gpu::name).distinct().count() == 1) {
      String name = gpus.get(0).name().replaceAll("[^A-Za-z0-9._-]+", "-");
      labels.put("gpu", name.substring(0, Math.min(name.length(), LONGEST_LABEL)));
      if (gpus.get(0).memoryMiB() > 0) {
        labels.put("gpu_memory_gb", Long.toString(Math.round(gpus.get(0).memoryMiB() / 1024.0)));
      }
    }
    return labels;
  }

  /** Takes some, waiting for those of an attempt that is about to end. */
  public synchronized Lease take(int count) throws InterruptedException {
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
  public final class Lease implements AutoCloseable {
    private final List<Integer> indexes;

    private Lease(List<Integer> indexes) {
      this.indexes = indexes;
    }

    /** As CUDA_VISIBLE_DEVICES has it. */
    String visible() {
      return indexes.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** What pins a process to them: CUDA by itself may count otherwise than the driver's tool. */
    public Map<String, String> variables() {
      return Map.of("CUDA_DEVICE_ORDER", "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES", visible());
    }

    @Override
    public void close() {
      giveBack(indexes);
    }
  }
}
