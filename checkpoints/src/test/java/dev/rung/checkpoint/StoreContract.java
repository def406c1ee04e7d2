package dev.rung.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.checkpoint.CheckpointException.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. The JVM of these tests has less memory than the largest checkpoint. */
abstract class StoreContract {
  /** More than the heap of this JVM, which the module's pom sets. */
  private static final int BIG = 64 << 20;

  /** More than one part of an upload. */
  private static final int SEVERAL_PARTS = 20 << 20;

  abstract CheckpointStore store();

  /** Another content at a place, behind the store's back. */
  abstract void damage(String place, byte[] content) throws Exception;

  /** A store that has no room for a MiB. */
  abstract CheckpointStore full() throws Exception;

  /** A store that this process may not write to. */
  abstract CheckpointStore forbidden() throws Exception;

  /** Whether anything at all is left of what was written for an attempt. */
  abstract boolean hasLeftovers(String prefix) throws Exception;

  final String prefix(CheckpointStore store, int attempt) {
    return store.base() + "study7/3/" + attempt + "/";
  }

  private String prefix() {
    return prefix(store(), 1);
  }

  @Test
  void shouldReadBackWhatWasWritten() throws IOException {
    Stored stored = store().write(prefix() + "9.ckpt", out -> out.write(ascii("abc")));
    // SHA-256 of "abc": FIPS 180-2, appendix B.1.
    assertThat(stored)
        .isEqualTo(
            new Stored(
                prefix() + "9.ckpt",
                3,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    try (InputStream in = store().open(stored.place())) {
      assertThat(in.readAllBytes()).isEqualTo(ascii("abc"));
    }
    store().verify(stored);
  }

  @Test
  void shouldStoreNothingAsNothing() throws IOException {
    Stored stored = store().write(prefix() + "9.ckpt", out -> {});
    assertThat(stored.bytes()).isZero();
    store().verify(stored);
  }

  @Test
  void shouldStreamACheckpointThatIsLargerThanTheMemory() throws IOException {
    assertThat(Runtime.getRuntime().maxMemory()).isLessThan(BIG);
    Stored stored = store().write(prefix() + "1.ckpt", noise(BIG));
    assertThat(stored.bytes()).isEqualTo(BIG);
    store().verify(stored);
    store().delete(stored.place());
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, SEVERAL_PARTS})
  void shouldShowNothingWhenTheContentBreaksOff(int bytes) throws Exception {
    String place = prefix() + "2.ckpt";
    assertThatThrownBy(() ->
            store()
                .write(
                    place,
                    out -> {
                      noise(bytes).writeTo(out);
                      throw new IOException("the trainer broke off");
                    }))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the trainer broke off");
    assertThat(store().list(prefix())).isEmpty();
    assertThat(hasLeftovers(prefix())).isFalse();
    assertFault(Fault.MISSING, () -> store().open(place));
    // What broke off is no obstacle to the next try.
    store().verify(store().write(place, out -> out.write(1)));
  }

  @Test
  void shouldFindDamageWhenTheContentIsAnother() throws Exception {
    Stored stored = store().write(prefix() + "3.ckpt", out -> out.write(new byte[] {1, 2, 3}));
    damage(stored.place(), new byte[] {1, 2, 4});
    // sha256sum of the bytes 1 2 3 and of 1 2 4.
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> store().verify(stored))
        .withMessage(
            "expected a checkpoint of 3 bytes with SHA-256"
                + " 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81 at "
                + stored.place()
                + ", but found 3 bytes with SHA-256"
                + " d4b29a968c40173638ded8d174c86957afa211be479cee020dba5dfe127d91ca")
        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.DAMAGED))
        .satisfies(e -> assertThat(e.isLost()).isTrue());
    damage(stored.place(), new byte[] {1, 2});
    assertFault(Fault.DAMAGED, () -> store().verify(stored));
  }

  @Test
  void shouldSayWhenThereIsNone() {
    Stored never = new Stored(prefix() + "4.ckpt", 3, "00");
    assertFault(Fault.MISSING, () -> store().verify(never));
    assertFault(Fault.MISSING, () -> store().open(never.place()));
  }

  @Test
  void shouldWriteOnceWhateverComesLater() throws IOException {
    Stored first = store().write(prefix() + "5.ckpt", out -> out.write(1));
    assertFault(Fault.TAKEN, () -> store().write(first.place(), out -> out.write(2)));
    store().verify(first);
    // The answer of the first try may have got lost: the same again is no fault.
    assertThat(store().write(first.place(), out -> out.write(1))).isEqualTo(first);
    assertThat(store().list(prefix())).containsExactly(first.place());
  }

  @Test
  void shouldListOneAttemptAndDeleteOneCheckpoint() throws IOException {
    assertThat(store().list(prefix())).isEmpty();
    for (int step = 1; step <= 3; step++) {
      store().write(prefix() + step + ".ckpt", out -> out.write(1));
    }
    Stored other = store().write(prefix(store(), 11) + "1.ckpt", out -> out.write(1));
    assertThat(store().list(prefix()))
        .containsExactly(prefix() + "1.ckpt", prefix() + "2.ckpt", prefix() + "3.ckpt");
    store().delete(prefix() + "2.ckpt");
    store().delete(prefix() + "2.ckpt");
    assertThat(store().list(prefix())).containsExactly(prefix() + "1.ckpt", prefix() + "3.ckpt");
    assertThat(store().list(prefix(store(), 11))).containsExactly(other.place());
  }

  @Test
  void shouldSayThatThereIsNoRoom() throws Exception {
    CheckpointStore full = full();
    String prefix = prefix(full, 1);
    assertFault(Fault.NO_SPACE, () -> full.write(prefix + "6.ckpt", noise(2 << 20)));
    full.close();
  }

  @Test
  void shouldSayThatItMayNot() throws Exception {
    CheckpointStore forbidden = forbidden();
    String prefix = prefix(forbidden, 1);
    assertFault(Fault.DENIED, () -> forbidden.write(prefix + "6.ckpt", out -> out.write(1)));
    forbidden.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../9.ckpt",
        "study7/3/1/../../../../etc/9.ckpt",
        "../3/1/9.ckpt",
        "..%2f..%2fetc/3/1/9.ckpt",
        "%2e%2e/3/1/9.ckpt",
        "..\\/3/1/9.ckpt",
        "/etc/3/1/9.ckpt",
        "study7/3/1/..",
        "study7/3/1/.hidden",
        "study7/3/1/9.ckpt?x=",
        "study7/3/1/9.ckpt#x",
        "study7/3/1/9.ckpt/",
        "study7/3/1/9.ckpt\n",
        "study7/3/9.ckpt",
        "more/study7/3/1/9.ckpt",
        "study 7/3/1/9.ckpt",
        "",
      })
  void shouldTouchNothingElseWhateverThePlace(String below) {
    String place = store().base() + below;
    assertThatIllegalArgumentException().isThrownBy(() -> store().write(place, out -> {}));
    assertThatIllegalArgumentException().isThrownBy(() -> store().open(place));
    assertThatIllegalArgumentException().isThrownBy(() -> store().delete(place));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().delete("file:///elsewhere/study7/3/1/9.ckpt"));
  }

  static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Bytes that nothing can make smaller, from one buffer. */
  static CheckpointStore.Content noise(int bytes) {
    return (OutputStream out) -> {
      Random random = new Random(7);
      byte[] buffer = new byte[1 << 16];
      for (int done = 0; done < bytes; done += buffer.length) {
        random.nextBytes(buffer);
        out.write(buffer, 0, Math.min(buffer.length, bytes - done));
      }
    };
  }
}
