import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.TrainerNode;

/** A Java node with one slot and the scripted trainer: NAME SERVER KIND. */
final class JavaNode {
  public static void main(String[] arguments) throws Exception {
    TrainerNode node =
        TrainerNode.builder()
            .name(arguments[0])
            .server(arguments[1])
            .kind(arguments[2], new ScriptedTrainer())
            .build();
    node.start();
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
    System.out.println("started");
    node.awaitTermination();
  }
}
