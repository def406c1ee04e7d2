package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.simulate.TableReader.BrokenTableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of learning curves, good and broken. */
final class TableReaderTest {
  private static final String GOOD = "{'hp': {'a': 1}, 'valid': {'loss': [3, 2, 1]}}";

  private static CurveTable read(String json) throws BrokenTableException, IOException {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return TableReader.read(new ByteArrayInputStream(bytes), "t.json");
  }

  @Test
  void shouldReadEveryGroupOfCurves() throws Exception {
    CurveTable table =
        read(
            "[{'hp': {'a': 1, 'b': 0.5, 'c': 'relu', 'd': true},"
                + " 'valid': {'loss': [3, 2], 'error': [0.5, 0.25]}, 'train': {'loss': [1, 0]}}]");

    assertThat(table.rows()).hasSize(1);
    assertThat(table.rows().get(0).curves().keySet())
        .containsExactly("train_loss", "valid_error", "valid_loss");
    assertThat(table.rows().get(0).curves().get("valid_error")).containsExactly(0.5, 0.25);
    assertThat(table.steps()).isEqualTo(2);
    assertThat(table.rows().get(0).setting()).containsOnlyKeys("a", "b", "c", "d");
  }

  @Test
  void shouldKeepWhatIsNotFinite() throws Exception {
    CurveTable table =
        read("[{'hp': {'a': 1}, 'v': {'l': [null, NaN, Infinity, -Infinity, 1e18, 1e999]}}]");

    assertThat(table.rows().get(0).curves().get("v_l"))
        .containsExactly(
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1e18,
            Double.POSITIVE_INFINITY);
  }

  @Test
  void shouldReadAPackedFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("t.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(("[" + GOOD + "]").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    assertThat(TableReader.read(file).steps()).isEqualTo(3);
  }

  @Test
  void shouldNameAFileThatIsNotThere(@TempDir Path folder) {
    Path file = folder.resolve("none.json");

    assertThatThrownBy(() -> TableReader.read(file))
        .isInstanceOf(BrokenTableException.class)
        .hasMessage(file + ": expected a table, but there is no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|t.json: expected a list of at least one entry, but it is empty",
        "[GOOD, 7]|t.json: entry 2: expected an object, but came number",
        "[GOOD, {'hp': {}}]|t.json: entry 2: hp: expected an object of hyper-parameters, but came object",
        "[{'valid': {'loss': [1]}}]|t.json: entry 1: hp: expected an object of hyper-parameters, but came nothing",
        "[{'hp': {'a': 1}}]|t.json: entry 1: expected a group of curves beside hp, as valid: {loss: [...]}, but there is none",
        "[{'hp': {'a': [1]}, 'v': {'l': [1]}}]|t.json: entry 1: hp.a: expected a finite number, a text or true or false, but came array",
        "[GOOD, {'hp': {'a': 2}, 'valid': {'loss': [3, 'x', 1]}}]|t.json: entry 2: valid.loss[1]: expected a number or null, but came string",
        "[GOOD, {'hp': {'a': 2}, 'valid': {'loss': [3, 2]}}]|t.json: entry 2: valid_loss: expected 3 points, as entry 1 has, but came 2",
        "[GOOD, {'hp': {'b': 2}, 'valid': {'loss': [3, 2, 1]}}]|t.json: entry 2: hp: expected [a], as entry 1 has, but came [b]",
        "[GOOD, {'hp': {'a': 2}, 'test': {'loss': [3, 2, 1]}}]|t.json: entry 2: expected the curves [valid_loss], as entry 1 has, but came [test_loss]",
        "[{'hp': {'a': 1}, 'v': {'l': [1, 2], 'm': [1]}}]|t.json: entry 1: v_m: expected 2 points, as v_l has, but came 1",
        "[GOOD, {'hp': |t.json: entry 2: expected JSON, but: Unexpected end-of-input"
      })
  void shouldNameTheEntryAndTheField(String json, String message) {
    assertThatThrownBy(() -> read(json.replace("GOOD", GOOD)))
        .isInstanceOf(BrokenTableException.class)
        .hasMessageStartingWith(message);
  }
}
