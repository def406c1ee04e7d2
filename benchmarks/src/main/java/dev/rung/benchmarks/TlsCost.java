package dev.rung.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What TLS and a token cost: durable points a second with and without both, in pairs. The nodes run
 * on the server's cores, so their half of the encryption is paid for too. Which of a pair comes
 * first changes from round to round.
 */
final class TlsCost {
  private TlsCost() {}

  /** Options: rounds, and those of {@link DurablePoints}. */
  static void run(Options options) throws Exception {
    DurablePoints benchmark = new DurablePoints(options);
    int rounds = options.number("rounds", 5);
    System.out.println(Machine.describe());
    System.out.println("durable points a second, without and with TLS and a token, in pairs");
    List<Double> plain = new ArrayList<>();
    List<Double> secured = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      if (i % 2 == 0) {
        plain.add(benchmark.product());
        secured.add(benchmark.secured());
      } else {
        secured.add(benchmark.secured());
        plain.add(benchmark.product());
      }
      ratios.add(secured.get(i) / plain.get(i));
    }
    System.out.println(Machine.describe());
    DurablePoints.print("plain", plain, "%,.0f");
    DurablePoints.print("TLS and token", secured, "%,.0f");
    DurablePoints.print("TLS and token / plain", ratios, "%.3f");
  }
}
