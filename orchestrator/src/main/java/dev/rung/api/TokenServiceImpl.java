package dev.rung.api;

import dev.rung.access.Guard;
import dev.rung.access.Token;
import dev.rung.proto.v1.CreateTokenRequest;
import dev.rung.proto.v1.CreateTokenResponse;
import dev.rung.proto.v1.ListTokensRequest;
import dev.rung.proto.v1.ListTokensResponse;
import dev.rung.proto.v1.RevokeTokenRequest;
import dev.rung.proto.v1.RevokeTokenResponse;
import dev.rung.proto.v1.TokenServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens as admins see them. Who made and who revoked one is logged. */
public final class TokenServiceImpl extends TokenServiceGrpc.TokenServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(TokenServiceImpl.class);

  private final TokenAdministration administration;
  private final Executor blocking;

  /**
   * A service over a data folder's tokens.
   *
   * @param blocking for what blocks on files
   */
  public TokenServiceImpl(TokenAdministration administration, Executor blocking) {
    this.administration = administration;
    this.blocking = blocking;
  }

  @Override
  public void createToken(
      CreateTokenRequest request, StreamObserver<CreateTokenResponse> observer) {
    Token caller = Guard.TOKEN.get();
    answer(
        observer,
        () -> {
          CreateTokenResponse created = administration.create(request);
          log.info(
              "token {} made token {} of role {}",
              caller.id(),
              created.getToken().getId(),
              created.getToken().getRole());
          return created;
        });
  }

  @Override
  public void revokeToken(
      RevokeTokenRequest request, StreamObserver<RevokeTokenResponse> observer) {
    Token caller = Guard.TOKEN.get();
    answer(
        observer,
        () -> {
          RevokeTokenResponse revoked = administration.revoke(request);
          log.info("token {} revoked token {}", caller.id(), revoked.getToken().getId());
          return revoked;
        });
  }

  @Override
  public void listTokens(ListTokensRequest request, StreamObserver<ListTokensResponse> observer) {
    answer(observer, administration::list);
  }

  private <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    Unary.answer(observer, () -> CompletableFuture.supplyAsync(work, blocking));
  }
}
