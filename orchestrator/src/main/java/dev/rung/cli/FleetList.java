package dev.rung.cli;

import dev.rung.proto.v1.Node;
import java.util.List;

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
      Table table = new Table("NODE", "POOL", ">SLOTS", ">BUSY", "KINDS", ">PID", "SOFTWARE");
      for (Node node : nodes) {
        table.row(
            node.getName(),
            node.getPool().isEmpty() ? "-" : node.getPool(),
            node.getSlots(),
            node.getBusy(),
            String.join(", ", node.getKindsList()),
            node.getPid() == 0 ? "-" : node.getPid(),
            node.getSoftware());
      }
      console.print(table.lines());
    }
    return 0;
  }
}
