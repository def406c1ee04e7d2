package dev.rung.cli;

import dev.rung.proto.v1.RevokeTokenRequest;
import dev.rung.proto.v1.Token;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Makes a token worthless. */
final class TokenRevoke extends TokenCommand {

  @Parameters(paramLabel = "ID", description = "Its id, as rung token list shows it.")
  private String id = "";

  TokenRevoke(Console console) {
    super(console);
  }

  @Override
  int run(Place place) {
    Token token = place.revoke(RevokeTokenRequest.newBuilder().setId(id).build());
    if (output.isJson()) {
      console.printJson(json(token));
    } else {
      console.print(List.of("token " + token.getId() + "  REVOKED"));
    }
    return 0;
  }
}
