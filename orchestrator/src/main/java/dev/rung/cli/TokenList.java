package dev.rung.cli;

import dev.rung.proto.v1.Token;
import java.util.List;

/** Lists tokens, without what nobody may see. */
final class TokenList extends TokenCommand {

  TokenList(Console console) {
    super(console);
  }

  @Override
  int run(Place place) {
    List<Token> tokens = place.all();
    if (output.isJson()) {
      console.printJson(tokens.stream().map(TokenCommand::json).toList());
    } else {
      Table table = new Table("ID", "ROLE", "STATE", "EXPIRES", "POOL", "NAME");
      for (Token token : tokens) {
        table.row(
            token.getId(),
            role(token.getRole()),
            state(token),
            time(token.getExpires()),
            token.getPool().isEmpty() ? "-" : token.getPool(),
            token.getName().isEmpty() ? "-" : token.getName());
      }
      console.print(table.lines());
    }
    return 0;
  }
}
