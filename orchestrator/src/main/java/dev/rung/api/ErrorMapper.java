package dev.rung.api;

import dev.rung.storage.StorageException;
import dev.rung.study.ErrorCode;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one place that turns refusals into gRPC codes, and these into exit codes and HTTP statuses.
 */
public final class ErrorMapper {
  private static final Logger log = LoggerFactory.getLogger(ErrorMapper.class);

  private ErrorMapper() {}

  /** The gRPC code of a refusal. */
  public static Status.Code grpc(ErrorCode code) {
    return switch (code) {
      case INVALID -> Status.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case AMBIGUOUS -> Status.Code.FAILED_PRECONDITION;
      case CONFLICT -> Status.Code.ABORTED;
      case ALREADY_EXISTS -> Status.Code.ALREADY_EXISTS;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
      case DATA_LOSS -> Status.Code.DATA_LOSS;
      case INTERNAL -> Status.Code.INTERNAL;
    };
  }

  /** The HTTP status of a call over HTTP. */
  public static int http(Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ABORTED, ALREADY_EXISTS -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /**
   * The exit code of the command line: 0 ok, 1 failed or timed out, 2 usage or bad file, 3 not
   * found, 4 not allowed, 5 conflict, 7 no server.
   */
  public static int exitCode(Status.Code code) {
    return switch (code) {
      case OK -> 0;
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> 2;
      case NOT_FOUND -> 3;
      case PERMISSION_DENIED, UNAUTHENTICATED -> 4;
      case ABORTED, ALREADY_EXISTS -> 5;
      case UNAVAILABLE -> 7;
      case CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          RESOURCE_EXHAUSTED,
          UNIMPLEMENTED,
          INTERNAL,
          DATA_LOSS ->
          1;
    };
  }

  /**
   * What a client is told of a failure; one that was not expected is logged, its text is not told.
   */
  static Status status(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ApiException e -> grpc(e.code()).toStatus().withDescription(e.getMessage());
      case StorageException e -> {
        // A database that does not answer is told of where it is written to, and clients ask often.
        Level level = e.code() == ErrorCode.UNAVAILABLE ? Level.DEBUG : Level.WARN;
        log.atLevel(level).log("A call of the api was refused: {}", e.getMessage());
        yield grpc(e.code()).toStatus().withDescription(said(e.code()));
      }
      case StatusRuntimeException e -> e.getStatus();
      case StatusException e -> e.getStatus();
      // The workers of a server that shuts down take nothing more.
      case RejectedExecutionException e ->
          Status.UNAVAILABLE.withDescription("the server goes away; try again");
      case Throwable e -> {
        log.error("Expected a call of the api to end, but it failed", e);
        yield Status.INTERNAL.withDescription("a fault of the server; its log says more");
      }
    };
  }

  /** What a client is told of stored data that cannot be used; the log has the rest. */
  private static String said(ErrorCode code) {
    return code == ErrorCode.UNAVAILABLE
        ? "the server's database does not answer; try again"
        : "the server cannot read what it stored; its log says more";
  }
}
