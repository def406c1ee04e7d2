package dev.rung.cli;

import dev.rung.proto.v1.SlotCount;
import java.util.List;

/** Counts the slots by kind of trainer. */
final class FleetSlots extends ClientCommand {

  FleetSlots(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    List<SlotCount> counts = client.slots();
    if (output.isJson()) {
      console.printJson(counts.stream().map(JsonOf::slots).toList());
    } else {
      Table table = new Table("KIND", ">WANTED", ">FREE", ">BUSY");
      for (SlotCount count : counts) {
        boolean bounded = count.getWanted() < Integer.MAX_VALUE;
        table.row(
            count.getKind(),
            bounded ? count.getWanted() : "no bound",
            count.getFree(),
            count.getBusy());
      }
      console.print(table.lines());
    }
    return 0;
  }
}
