package dev.rung.cli;

import dev.rung.proto.v1.Node;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Lists the connected trainer nodes. */
final class FleetList extends ClientCommand {

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
            node.getSlotHourPrice() == 0 ? "-" : Text.number(node.getSlotHourPrice()),
            node.hasSpeed() ? String.format(Locale.ROOT, "%.2f", node.getSpeed()) : "-",
            node.getPid() == 0 ? "-" : node.getPid(),
            node.getSoftware());
      }
      console.print(table.lines());
    }
    return 0;
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
