package dev.rung.cli;

import dev.rung.proto.v1.GpuReading;
import dev.rung.proto.v1.Node;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Lists the connected trainer nodes. */
final class FleetList extends ClientCommand {
  private static final double GIB = 1L << 30;

  FleetList(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    List<Node> nodes = client.nodes();
    if (output.isJson()) {
      console.printJson(nodes.stream().map(JsonOf::node).toList());
    } else {
      Table table =
          new Table(
              "NODE",
              "POOL",
              ">SLOTS",
              ">BUSY",
              "KINDS",
              "LABELS",
              "GPUS",
              ">PRICE",
              ">SPEED",
              ">PID",
              "SOFTWARE");
      for (Node node : nodes) {
        table.row(
            node.getName(),
            node.getPool().isEmpty() ? "-" : node.getPool(),
            node.getSlots(),
            node.getBusy() + (node.getDraining() ? ", drains" : ""),
            String.join(", ", node.getKindsList()),
            labels(node),
            gpus(node.getGpusList()),
            node.getSlotHourPrice() == 0 ? "-" : Text.number(node.getSlotHourPrice()),
            node.hasSpeed() ? String.format(Locale.ROOT, "%.2f", node.getSpeed()) : "-",
            node.getPid() == 0 ? "-" : node.getPid(),
            node.getSoftware());
      }
      console.print(table.lines());
    }
    return 0;
  }

  /** All of a node in a few words, for instance "2, 45 %, 31 of 80 GiB". */
  private static String gpus(List<GpuReading> gpus) {
    if (gpus.isEmpty()) {
      return "-";
    }
    StringBuilder text = new StringBuilder().append(gpus.size());
    gpus.stream()
        .filter(GpuReading::hasUtilization)
        .mapToInt(GpuReading::getUtilization)
        .average()
        .ifPresent(percent -> text.append(", ").append(Math.round(percent)).append(" %"));
    double total = gpus.stream().mapToDouble(GpuReading::getMemoryTotal).sum();
    if (total > 0) {
      double used = gpus.stream().mapToDouble(GpuReading::getMemoryUsed).sum();
      text.append(", %d of %d GiB".formatted(Math.round(used / GIB), Math.round(total / GIB)));
    }
    return text.toString();
  }

  private static String labels(Node node) {
    return node.getLabelsMap().isEmpty()
        ? "-"
        : new TreeMap<>(node.getLabelsMap())
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(" "));
  }
}
