package dev.rung.cli;

import com.google.protobuf.Timestamp;
import dev.rung.access.AccessException;
import dev.rung.access.Tokens;
import dev.rung.api.ApiException;
import dev.rung.api.ErrorMapper;
import dev.rung.api.TokenAdministration;
import dev.rung.proto.v1.CreateTokenRequest;
import dev.rung.proto.v1.CreateTokenResponse;
import dev.rung.proto.v1.RevokeTokenRequest;
import dev.rung.proto.v1.Role;
import dev.rung.proto.v1.Token;
import dev.rung.storage.DataFolder;
import dev.rung.storage.StorageException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command about tokens: through a server, whose admin asks, or in a data folder, whose owner
 * does. A server that runs on the folder sees it within a second.
 */
abstract class TokenCommand implements Callable<Integer> {
  final Console console;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin final OutputOption output = new OutputOption();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "In a data folder, beside its server or without one.")
  private @Nullable Path data;

  TokenCommand(Console console) {
    this.console = console;
  }

  /** Where tokens are. */
  interface Place {
    CreateTokenResponse create(CreateTokenRequest request);

    Token revoke(RevokeTokenRequest request);

    List<Token> all();
  }

  /**
   * Does it.
   *
   * @return the exit code
   */
  abstract int run(Place place);

  @Override
  public final Integer call() {
    if (data != null) {
      return inFolder(data);
    }
    try (Client client = Client.connect(server.access(console))) {
      return run(
          place(
              client::createToken,
              request -> client.revokeToken(request).getToken(),
              () -> client.listTokens().getTokensList()));
    }
  }

  private int inFolder(Path folder) {
    if (server.isTyped()) {
      throw new Failure(
          Failure.USAGE, "expected --data for a folder, or --server for a server, but came both");
    }
    try {
      TokenAdministration tokens =
          new TokenAdministration(Tokens.open(DataFolder.prepare(folder), Clock.systemUTC()));
      return run(
          place(
              tokens::create,
              request -> tokens.revoke(request).getToken(),
              () -> tokens.list().getTokensList()));
    } catch (ApiException e) {
      throw new Failure(
          ErrorMapper.exitCode(ErrorMapper.grpc(e.code())), String.valueOf(e.getMessage()));
    } catch (StorageException | AccessException e) {
      throw new Failure(Failure.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static Place place(
      Function<CreateTokenRequest, CreateTokenResponse> create,
      Function<RevokeTokenRequest, Token> revoke,
      Supplier<List<Token>> all) {
    return new Place() {
      @Override
      public CreateTokenResponse create(CreateTokenRequest request) {
        return create.apply(request);
      }

      @Override
      public Token revoke(RevokeTokenRequest request) {
        return revoke.apply(request);
      }

      @Override
      public List<Token> all() {
        return all.get();
      }
    };
  }

  static String role(Role role) {
    return role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
  }

  static Instant time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds());
  }

  /** What a token is worth now. */
  static String state(Token token) {
    if (token.hasRevoked()) {
      return "REVOKED";
    }
    return time(token.getExpires()).isAfter(Instant.now()) ? "VALID" : "EXPIRED";
  }

  /** For programs. */
  static Map<String, Object> json(Token token) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", token.getId());
    json.put("role", role(token.getRole()));
    json.put("name", token.getName());
    json.put("pool", token.getPool());
    json.put("state", state(token));
    json.put("valid_from", time(token.getValidFrom()).toString());
    json.put("expires", time(token.getExpires()).toString());
    if (token.hasRevoked()) {
      json.put("revoked", time(token.getRevoked()).toString());
    }
    return json;
  }
}
