package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerOptionsTest {

  @Test
  void shouldHaveDefaults() {
    TrainerOptions options = parse();

    assertThat(options.server()).isEqualTo("127.0.0.1:7350");
    assertThat(options.slots()).isEqualTo(1);
    assertThat(options.name()).isEmpty();
    assertThat(options.data())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/rung/trainers"));
    assertThat(options.drainDeadline()).isEqualTo(Duration.ofSeconds(20));
    assertThat(options.help()).isFalse();
  }

  @Test
  void shouldReadEveryOption() {
    TrainerOptions options =
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
            "--data-set",
            "fashion-mnist=/d=e",
            "--help");

    assertThat(options.server()).isEqualTo("h:1");
    assertThat(options.slots()).isEqualTo(3);
    assertThat(options.name()).isEqualTo("n1");
    assertThat(options.data()).isEqualTo(Path.of("d/e"));
    assertThat(options.drainDeadline()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.dataSets()).containsExactly(Map.entry("fashion-mnist", Path.of("/d=e")));
    assertThat(options.parent()).isEqualTo(4711);
    assertThat(options.help()).isTrue();
  }

  @Test
  void shouldTakeKeysAndTokensFromFilesOrVariables() {
    TrainerOptions typed = parse("--ca", "ca.crt", "--token-file", "t");
    assertThat(typed.authority()).contains(Path.of("ca.crt"));
    assertThat(typed.tokenFile()).contains(Path.of("t"));
    assertThat(typed.token()).isEmpty();

    TrainerOptions told =
        TrainerOptions.parse(List.of(), Map.of("RUNG_CA", "other.crt", "RUNG_TOKEN", "rung_x"));
    assertThat(told.authority()).contains(Path.of("other.crt"));
    assertThat(told.token()).contains("rung_x");
    assertThat(told.tokenFile()).isEmpty();
  }

  @Test
  void shouldTakeACertificateOfItsOwnWithItsKeyOnly() {
    TrainerOptions typed = parse("--cert", "n.crt", "--cert-key", "n.key");
    assertThat(typed.certificate()).contains(Path.of("n.crt"));
    assertThat(typed.key()).contains(Path.of("n.key"));
    TrainerOptions told =
        TrainerOptions.parse(
            List.of("--cert", "n.crt"), Map.of("RUNG_CERT", "x.crt", "RUNG_CERT_KEY", "x.key"));
    assertThat(told.certificate()).contains(Path.of("n.crt"));
    assertThat(told.key()).contains(Path.of("x.key"));

    assertThatThrownBy(() -> parse("--cert-key", "n.key"))
        .hasMessage(
            "expected --cert or RUNG_CERT with --cert-key or RUNG_CERT_KEY, got one of them");
  }

  @Test
  void shouldKeepItsDataInTheUsersStateFolderWhenThereIsOne() {
    assertThat(TrainerOptions.parse(List.of(), Map.of("XDG_STATE_HOME", "/var/state")).data())
        .isEqualTo(Path.of("/var/state/rung/trainers"));
    assertThat(TrainerOptions.parse(List.of(), Map.of("XDG_STATE_HOME", "relative")).data())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/rung/trainers"));
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThatThrownBy(() -> parse("--slot", "1"))
        .hasMessage(
            "expected --server, --ca, --cert, --cert-key, --token-file, --name, --pool, --label,"
                + " --slot-price, --slots, --data, --checkpoints, --data-set, --drain-deadline,"
                + " --parent-pid or --help, got '--slot'");
    assertThatThrownBy(() -> parse("--slots", "two"))
        .hasMessage("expected a whole number after --slots, got 'two'");
    assertThatThrownBy(() -> parse("--name"))
        .hasMessage("expected a value after --name, got nothing");
    assertThatThrownBy(() -> parse("--data-set", "fashion-mnist"))
        .hasMessage("expected NAME=DIR after --data-set, got 'fashion-mnist'");
    assertThatThrownBy(() -> Dl4jTrainerMain.kinds(Map.of("digits", Path.of("d"))))
        .hasMessage("expected --data-set fashion-mnist=DIR, got the name 'digits'");
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

  private static TrainerOptions parse(String... arguments) {
    return TrainerOptions.parse(List.of(arguments), Map.of());
  }

  @Test
  void shouldOfferItsKinds() {
    assertThat(Dl4jTrainerMain.kinds(Map.of()))
        .containsOnlyKeys("dl4j-image", "dl4j-tabular", "scripted");
  }
}
