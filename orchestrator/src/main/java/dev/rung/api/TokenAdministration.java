package dev.rung.api;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.rung.access.AccessException;
import dev.rung.access.Role;
import dev.rung.access.Tokens;
import dev.rung.proto.v1.CreateTokenRequest;
import dev.rung.proto.v1.CreateTokenResponse;
import dev.rung.proto.v1.ListTokensResponse;
import dev.rung.proto.v1.RevokeTokenRequest;
import dev.rung.proto.v1.RevokeTokenResponse;
import dev.rung.proto.v1.Token;
import dev.rung.study.ErrorCode;
import java.time.Duration;
import java.time.Instant;

/** What can be done about tokens, by a server's callers and, beside it, by its operator. */
public final class TokenAdministration {
  private final Tokens tokens;

  /** Over the tokens of a data folder. */
  public TokenAdministration(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Makes a token.
   *
   * @throws ApiException INVALID: a field breaks its limit; CONFLICT: there are too many;
   *     UNAVAILABLE: it cannot be stored
   */
  public CreateTokenResponse create(CreateTokenRequest request) {
    try {
      Duration lifetime =
          request.hasLifetime()
              ? Duration.ofSeconds(Durations.checkValid(request.getLifetime()).getSeconds())
              : Tokens.USUAL_LIFETIME;
      Tokens.Created created =
          tokens.create(role(request.getRole()), request.getName(), request.getPool(), lifetime);
      return CreateTokenResponse.newBuilder()
          .setToken(toProto(created.token()))
          .setSecret(created.secret().text())
          .build();
    } catch (IllegalArgumentException e) {
      throw new ApiException(ErrorCode.INVALID, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw new ApiException(ErrorCode.CONFLICT, String.valueOf(e.getMessage()));
    } catch (AccessException e) {
      throw unavailable(e);
    }
  }

  /**
   * Makes a token worthless.
   *
   * @throws ApiException NOT_FOUND: there is none with this id; UNAVAILABLE: it cannot be stored
   */
  public RevokeTokenResponse revoke(RevokeTokenRequest request) {
    String id = Limits.text("id", request.getId(), 1, Limits.KEY);
    try {
      return tokens
          .revoke(id)
          .map(token -> RevokeTokenResponse.newBuilder().setToken(toProto(token)).build())
          .orElseThrow(() ->
              new ApiException(
                  ErrorCode.NOT_FOUND,
                  "expected the id of a token, but there is none with the id '%s'".formatted(id)));
    } catch (AccessException e) {
      throw unavailable(e);
    }
  }

  /** Every token, newest first. */
  public ListTokensResponse list() {
    return ListTokensResponse.newBuilder()
        .addAllTokens(tokens.all().stream().map(TokenAdministration::toProto).toList())
        .build();
  }

  private static ApiException unavailable(AccessException e) {
    return new ApiException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
  }

  private static Role role(dev.rung.proto.v1.Role role) {
    return switch (role) {
      case ROLE_VIEWER -> Role.VIEWER;
      case ROLE_OPERATOR -> Role.OPERATOR;
      case ROLE_TRAINER -> Role.TRAINER;
      case ROLE_ADMIN -> Role.ADMIN;
      case ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new ApiException(
              ErrorCode.INVALID,
              "role: expected viewer, operator, trainer or admin, but came none");
    };
  }

  private static dev.rung.proto.v1.Role toProto(Role role) {
    return switch (role) {
      case VIEWER -> dev.rung.proto.v1.Role.ROLE_VIEWER;
      case OPERATOR -> dev.rung.proto.v1.Role.ROLE_OPERATOR;
      case TRAINER -> dev.rung.proto.v1.Role.ROLE_TRAINER;
      case ADMIN -> dev.rung.proto.v1.Role.ROLE_ADMIN;
    };
  }

  private static Token toProto(dev.rung.access.Token token) {
    Token.Builder message =
        Token.newBuilder()
            .setId(token.id())
            .setRole(toProto(token.role()))
            .setName(token.name())
            .setPool(token.pool())
            .setValidFrom(toProto(token.validFrom()))
            .setExpires(toProto(token.expires()));
    token.revoked().ifPresent(time -> message.setRevoked(toProto(time)));
    return message.build();
  }

  private static Timestamp toProto(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
