package dev.rung.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.Isolation;
import dev.rung.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeOptionsTest {
  private final Program program = new Program();

  @Test
  void shouldHaveDefaults() {
    NodeOptions options = parse();

    assertThat(options.server()).isEqualTo("127.0.0.1:7350");
    assertThat(options.slots()).isEmpty();
    assertThat(options.name()).isEmpty();
    assertThat(options.data())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/rung/trainers"));
    assertThat(options.drainDeadline()).isEqualTo(Duration.ofSeconds(20));
    assertThat(options.help()).isFalse();
    assertThat(options.isolation()).isEqualTo(Isolation.THREAD);
    assertThat(options.gpus()).isEmpty();
  }

  @Test
  void shouldReadEveryOption() {
    NodeOptions options =
        parse(
            "--name",
            "n1",
            "--slots",
            "3",
            "--server",
            "h:1",
            "--parent-pid",
            "4711",
            "--data",
            "d/e",
            "--drain-deadline",
            "120",
            "--label",
            "gpu=a=b",
            "--isolation",
            "process",
            "--trial-jvm",
            "-Xmx4g",
            "--trial-jvm",
            "-ea",
            "--own",
            "7",
            "--help");

    assertThat(options.server()).isEqualTo("h:1");
    assertThat(options.slots()).hasValue(3);
    assertThat(options.name()).isEqualTo("n1");
    assertThat(options.data()).isEqualTo(Path.of("d/e"));
    assertThat(options.drainDeadline()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.labels()).containsExactly(Map.entry("gpu", "a=b"));
    assertThat(program.own).isEqualTo("7");
    assertThat(options.parent()).isEqualTo(4711);
    assertThat(options.isolation()).isEqualTo(Isolation.PROCESS);
    assertThat(options.jvmOptions()).containsExactly("-Xmx4g", "-ea");
    assertThat(options.help()).isTrue();
  }

  @Test
  void shouldTakeKeysAndTokensFromFilesOrVariables() {
    NodeOptions typed = parse("--ca", "ca.crt", "--token-file", "t");
    assertThat(typed.authority()).contains(Path.of("ca.crt"));
    assertThat(typed.tokenFile()).contains(Path.of("t"));
    assertThat(typed.token()).isEmpty();

    NodeOptions told = parse(Map.of("RUNG_CA", "other.crt", "RUNG_TOKEN", "rung_x"));
    assertThat(told.authority()).contains(Path.of("other.crt"));
    assertThat(told.token()).contains("rung_x");
    assertThat(told.tokenFile()).isEmpty();
  }

  @Test
  void shouldTakeACertificateOfItsOwnWithItsKeyOnly() {
    NodeOptions typed = parse("--cert", "n.crt", "--cert-key", "n.key");
    assertThat(typed.certificate()).contains(Path.of("n.crt"));
    assertThat(typed.key()).contains(Path.of("n.key"));
    NodeOptions told =
        parse(Map.of("RUNG_CERT", "x.crt", "RUNG_CERT_KEY", "x.key"), "--cert", "n.crt");
    assertThat(told.certificate()).contains(Path.of("n.crt"));
    assertThat(told.key()).contains(Path.of("x.key"));

    assertThatThrownBy(() -> parse("--cert-key", "n.key"))
        .hasMessage(
            "expected --cert or RUNG_CERT with --cert-key or RUNG_CERT_KEY, got one of them");
  }

  @Test
  void shouldKeepItsDataInTheUsersStateFolderWhenThereIsOne() {
    assertThat(parse(Map.of("XDG_STATE_HOME", "/var/state")).data())
        .isEqualTo(Path.of("/var/state/rung/trainers"));
    assertThat(parse(Map.of("XDG_STATE_HOME", "relative")).data())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/rung/trainers"));
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThatThrownBy(() -> parse("--slot", "1"))
        .hasMessage(
            "expected --own, --server, --ca, --cert, --cert-key, --token-file, --name, --pool,"
                + " --label, --slot-price, --slots, --isolation, --trial-jvm, --gpus, --data,"
                + " --checkpoints, --drain-deadline, --parent-pid or --help, got '--slot'");
    assertThatThrownBy(() -> parse("--isolation", "hope"))
        .hasMessage("expected thread or process after --isolation, got 'hope'");
    assertThatThrownBy(() -> parse("--slots", "two"))
        .hasMessage("expected a whole number after --slots, got 'two'");
    assertThatThrownBy(() -> parse("--name"))
        .hasMessage("expected a value after --name, got nothing");
    assertThatThrownBy(() -> parse("--label", "gpu"))
        .hasMessage("expected NAME=VALUE after --label, got 'gpu'");
    assertThatThrownBy(() -> parse("--drain-deadline", "-1"))
        .hasMessage("expected 0 to 86400 seconds after --drain-deadline, got -1");
  }

  @Test
  void shouldTryNamesThatThisHostHadBeforeAndThenANewOne(@TempDir Path data) throws IOException {
    for (String folder : List.of("box-0000aa", "box-ffff00", "box-1", "other-0000aa", "box")) {
      Files.createDirectory(data.resolve(folder));
    }

    List<String> names = NodeNames.candidates(data, "box");

    assertThat(names).hasSize(3).startsWith("box-0000aa", "box-ffff00");
    assertThat(names.get(2)).matches("box-[0-9a-f]{6}").isNotIn("box-0000aa", "box-ffff00");
    assertThat(NodeNames.candidates(data.resolve("nothing"), "box")).hasSize(1);
    assertThat(NodeNames.host()).matches("[A-Za-z0-9._-]{1,100}");
  }

  private NodeOptions parse(String... arguments) {
    return parse(Map.of(), arguments);
  }

  private NodeOptions parse(Map<String, String> environment, String... arguments) {
    return NodeOptions.parse(List.of(arguments), environment, program);
  }

  /** Has one option of its own. */
  private static final class Program implements NodeProgram {
    private String own = "";

    @Override
    public String usage() {
      return "";
    }

    @Override
    public String options() {
      return "  --own VALUE   of its own\n";
    }

    @Override
    public boolean read(String option, Iterator<String> rest) {
      if (!option.equals("--own")) {
        return false;
      }
      own = NodeOptions.value(option, rest);
      return true;
    }

    @Override
    public Map<String, Trainer> kinds(NodeOptions node) {
      return Map.of();
    }
  }
}
