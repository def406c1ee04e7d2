package dev.rung.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.Trainer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgramProcessTest {

  /** Can be made anew by its class. */
  private static class Program implements NodeProgram {
    @Override
    public String usage() {
      return "";
    }

    @Override
    public Map<String, Trainer> kinds(NodeOptions node) {
      return Map.of("scripted", new ScriptedTrainer());
    }
  }

  private static final class Broken extends Program {
    @Override
    public void prepare() {
      throw new IllegalStateException("there is no native code for this machine");
    }
  }

  private static NodeOptions options(NodeProgram program) {
    return NodeOptions.parse(List.of("--name", "n"), Map.of(), program);
  }

  @Test
  void shouldTrainInProcessesWhateverTheProgramsKinds() {
    Program program = new Program();
    Map<String, Trainer> apart =
        ProgramProcess.apart(program, options(program), List.of("--name", "n"));
    assertThat(apart).containsOnlyKeys("scripted");
    assertThat(apart.get("scripted")).matches(Trainer::hasOwnProcess);
  }

  @Test
  void shouldRefuseAProgramThatNoProcessCanMake() {
    String captured = toString();
    NodeProgram program =
        new Program() {
          @Override
          public String usage() {
            return captured;
          }
        };
    assertThatThrownBy(() -> ProgramProcess.apart(program, options(program), List.of()))
        .hasMessageStartingWith(
            "expected a program whose class has a constructor without parameters");
  }

  @Test
  void shouldSeeAtTheStartWhetherAProcessCouldTrain() throws Exception {
    Program program = new Program();
    // It does not ask for the GPUs, which this machine may not have.
    ProgramProcess.prepare(program, options(program), List.of("--gpus", "no such", "--name", "n"));
    Broken broken = new Broken();
    assertThatThrownBy(() -> ProgramProcess.prepare(broken, options(broken), List.of()))
        .hasMessage("expected a process that trials could train in, but it ended with exit code 1");
  }
}
