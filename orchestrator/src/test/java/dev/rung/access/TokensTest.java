package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void shouldKeepTheHashOfATokenAndNotTheToken() throws Exception {
    Tokens tokens = open();
    Tokens.Created created = tokens.create(Role.OPERATOR, "of ann", "", DAY);

    // 32 bytes in base64 without padding.
    assertThat(created.secret().text()).matches("rung_[A-Za-z0-9_-]{43}");
    assertThat(created.token().id()).isEqualTo(created.secret().hash().substring(0, 12));
    Path file = folder.resolve(Tokens.FILE);
    assertThat(Files.readString(file))
        .contains(created.secret().hash())
        .doesNotContain(created.secret().text())
        .doesNotContain(created.secret().text().substring(5));
    assertThat(created.toString()).doesNotContain(created.secret().text());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(open().find(created.secret())).contains(created.token());
  }

  @Test
  void shouldNeverMakeTheSameTwice() {
    Tokens tokens = open();
    assertThat(tokens.create(Role.VIEWER, "", "", DAY).secret().text())
        .isNotEqualTo(tokens.create(Role.VIEWER, "", "", DAY).secret().text());
  }

  @Test
  void shouldSeeWhatAnotherProcessChanges() {
    Tokens server = open();
    Tokens.Created created = open().create(Role.ADMIN, "", "", DAY);
    assertThat(server.find(created.secret())).isEmpty();

    server.refresh();
    assertThat(server.find(created.secret())).contains(created.token());

    assertThat(open().revoke(created.token().id())).isPresent();
    server.refresh();
    assertThat(server.state(created.token())).isEqualTo(Token.State.REVOKED);
    assertThat(server.hasValid()).isFalse();
  }

  @Test
  void shouldLoseNoTokenWhereManyMakeThem() throws Exception {
    Tokens server = open();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Tokens maker = i % 2 == 0 ? server : open();
        all.add(threads.submit(() -> maker.create(Role.VIEWER, "", "", DAY)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(open().all()).hasSize(40);
  }

  @Test
  void shouldGoOnWithWhatItKnowsWhereTheFileIsDamaged() throws Exception {
    Tokens server = open();
    Tokens.Created created = server.create(Role.ADMIN, "", "", DAY);
    server.refresh();
    Files.writeString(folder.resolve(Tokens.FILE), "{\"format\":1,\"tokens\":[{");

    server.refresh();

    assertThat(server.state(created.token())).isEqualTo(Token.State.VALID);
    assertThatThrownBy(this::open)
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("expected a file of tokens at " + folder.resolve(Tokens.FILE));
  }

  @Test
  void shouldForgetWhatHasBeenWorthlessForLong() {
    Tokens tokens = open();
    Tokens.Created old = tokens.create(Role.VIEWER, "", "", DAY);
    now = now.plus(Duration.ofDays(32));
    tokens.create(Role.VIEWER, "", "", DAY);
    assertThat(tokens.all()).hasSize(1).doesNotContain(old.token());
  }

  @Test
  void shouldHoldTokensToTheirLimits() {
    Tokens tokens = open();
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "", "gpus", DAY))
        .hasMessage("expected a pool for the role trainer only, but the role is viewer");
    assertThatThrownBy(() -> tokens.create(Role.TRAINER, "", "../x", DAY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "x\n", "", DAY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "", "", Duration.ofDays(366)))
        .hasMessage("expected a lifetime of 1 second to 365 days");
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "", "", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(tokens.all()).isEmpty();
  }

  private Tokens open() {
    return Tokens.open(folder, () -> now);
  }
}
