package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Rule;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rpc of the protocol with every kind of credential: who gets through, and who does not. */
class AuthMatrixTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  /** What the protocol files promise, written down a second time. */
  private static final Map<Rule, Set<Role>> ALLOWED =
      Map.of(
          Rule.RULE_READ, Set.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN),
          Rule.RULE_CHANGE, Set.of(Role.OPERATOR, Role.ADMIN),
          Rule.RULE_TRAIN, Set.of(Role.TRAINER),
          Rule.RULE_ADMINISTER, Set.of(Role.ADMIN));

  private Instant now = NOW;

  /**
   * What a caller shows.
   *
   * @param role of a token that is valid; empty: it is nobody's
   * @param pool that the token is for
   */
  private record Credential(Optional<String> shown, Optional<Role> role, String pool) {
    static Credential nobody(String shown) {
      return new Credential(Optional.of(shown), Optional.empty(), "");
    }
  }

  @Test
  void shouldLetThroughWhomTheRuleNamesAndNobodyElse(@TempDir Path folder) throws Exception {
    Tokens tokens = Tokens.open(folder, () -> now);
    Map<String, Credential> credentials = credentials(tokens);
    Guard guard = new Guard(Optional.of(tokens));
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    int allowed = 0;
    try (GuardedServer server = new GuardedServer(guard, Rpcs.services())) {
      for (MethodDescriptor<?, ?> rpc : Rpcs.all()) {
        for (Map.Entry<String, Credential> credential : credentials.entrySet()) {
          Status.Code expected = expected(rpc, credential.getValue());
          Status status = server.call(rpc, credential.getValue().shown());
          List<Object> reached = new ArrayList<>();
          server.reached.drainTo(reached);
          reached.remove("cancelled");
          cells++;
          allowed += expected == Status.Code.OK ? 1 : 0;
          if (status.getCode() != expected || reached.isEmpty() == (expected == Status.Code.OK)) {
            wrong.add(
                "%s with %s: expected %s, but came %s, and %d messages got through"
                    .formatted(
                        rpc.getFullMethodName(),
                        credential.getKey(),
                        expected,
                        status,
                        reached.size()));
          }
        }
      }
    }
    System.out.printf(
        "auth matrix: %d rpcs x %d credentials = %d cells, %d allowed, %d refused%n",
        Rpcs.all().size(), credentials.size(), cells, allowed, cells - allowed);
    assertThat(wrong).isEmpty();
    assertThat(guard.open()).isZero();
  }

  private static Status.Code expected(MethodDescriptor<?, ?> rpc, Credential credential) {
    if (credential.role().isEmpty()) {
      return Status.Code.UNAUTHENTICATED;
    }
    boolean mayCall =
        ALLOWED.getOrDefault(Rules.of(rpc), Set.of()).contains(credential.role().get());
    // The pool is what a node says first, so it is Connect that a token of another pool fails at.
    boolean isNode = rpc.getFullMethodName().equals("rung.v1.TrainerService/Connect");
    boolean ofPool = !isNode || credential.pool().isEmpty();
    return mayCall && ofPool ? Status.Code.OK : Status.Code.PERMISSION_DENIED;
  }

  private Map<String, Credential> credentials(Tokens tokens) {
    Map<String, Credential> all = new LinkedHashMap<>();
    all.put("nothing", new Credential(Optional.empty(), Optional.empty(), ""));
    all.put("no text", Credential.nobody("Bearer "));
    all.put("garbage", Credential.nobody("Bearer \t:-) not a token"));
    all.put("7,000 characters", Credential.nobody("Bearer " + "x".repeat(7_000)));
    all.put("a token that nobody made", Credential.nobody(bearer(Secret.random())));
    for (Role role : Role.values()) {
      Secret valid = make(tokens, role, "", NOW, Duration.ofDays(1)).secret();
      all.put(role.text(), new Credential(Optional.of(bearer(valid)), Optional.of(role), ""));
      all.put(
          role.text() + ", truncated",
          Credential.nobody(bearer(valid).substring(0, bearer(valid).length() - 1)));
      all.put(role.text() + ", longer", Credential.nobody(bearer(valid) + "A"));
      all.put(role.text() + ", Basic", Credential.nobody("Basic " + valid.text()));
      all.put(role.text() + ", its hash", Credential.nobody("Bearer " + valid.hash()));
      all.put(
          role.text() + ", expired",
          Credential.nobody(
              bearer(
                  make(tokens, role, "", NOW.minusSeconds(60), Duration.ofSeconds(60)).secret())));
      all.put(
          role.text() + ", early",
          Credential.nobody(
              bearer(make(tokens, role, "", NOW.plusSeconds(1), Duration.ofDays(1)).secret())));
      Tokens.Created revoked = make(tokens, role, "", NOW, Duration.ofDays(1));
      tokens.revoke(revoked.token().id());
      all.put(role.text() + ", revoked", Credential.nobody(bearer(revoked.secret())));
    }
    Secret pooled = make(tokens, Role.TRAINER, "gpus", NOW, Duration.ofDays(1)).secret();
    all.put(
        "trainer of another pool",
        new Credential(Optional.of(bearer(pooled)), Optional.of(Role.TRAINER), "gpus"));
    now = NOW;
    return all;
  }

  private Tokens.Created make(
      Tokens tokens, Role role, String pool, Instant at, Duration lifetime) {
    now = at;
    Tokens.Created created = tokens.create(role, "", pool, lifetime);
    now = NOW;
    return created;
  }

  private static String bearer(Secret secret) {
    return "Bearer " + secret.text();
  }
}
