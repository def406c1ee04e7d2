package dev.rung.cli;

import com.google.protobuf.util.Durations;
import dev.rung.access.Role;
import dev.rung.proto.v1.CreateTokenRequest;
import dev.rung.proto.v1.CreateTokenResponse;
import dev.rung.proto.v1.Token;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Makes a token and prints it, which nobody can do again. */
final class TokenCreate extends TokenCommand {

  @Option(
      names = "--role",
      required = true,
      paramLabel = "viewer|operator|trainer|admin",
      description = "What its holder may do.")
  private Role role = Role.VIEWER;

  @Option(
      names = "--expires",
      paramLabel = "D",
      converter = DurationOption.class,
      description = "How long it is valid, at most 365d; default 30d.")
  private Duration lifetime = Duration.ofDays(30);

  @Option(names = "--name", paramLabel = "NAME", description = "For people: whose it is.")
  private String name = "";

  @Option(
      names = "--pool",
      paramLabel = "POOL",
      description = "Of a trainer: only for nodes of this pool.")
  private String pool = "";

  TokenCreate(Console console) {
    super(console);
  }

  @Override
  int run(Place place) {
    CreateTokenResponse created =
        place.create(
            CreateTokenRequest.newBuilder()
                .setRole(dev.rung.proto.v1.Role.valueOf("ROLE_" + role))
                .setName(name)
                .setPool(pool)
                .setLifetime(Durations.fromSeconds(lifetime.toSeconds()))
                .build());
    Token token = created.getToken();
    if (output.isJson()) {
      Map<String, Object> json = json(token);
      json.put("token", created.getSecret());
      console.printJson(json);
    } else {
      // Alone on its stream, so that it can be written to a file.
      console.print(List.of(created.getSecret()));
      console.error(
          "token %s for a%s, until %s. It is kept nowhere: write it down now."
              .formatted(
                  token.getId(),
                  (role == Role.OPERATOR || role == Role.ADMIN ? "n " : " ") + role.text(),
                  time(token.getExpires())));
    }
    return 0;
  }
}
