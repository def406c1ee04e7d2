package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.storage.StorageException;
import dev.rung.study.ErrorCode;
import io.grpc.Status;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorMapperTest {

  @ParameterizedTest
  @CsvSource({
    "INVALID, INVALID_ARGUMENT, 2, 400",
    "NOT_FOUND, NOT_FOUND, 3, 404",
    "AMBIGUOUS, FAILED_PRECONDITION, 2, 400",
    "CONFLICT, ABORTED, 5, 409",
    "ALREADY_EXISTS, ALREADY_EXISTS, 5, 409",
    "UNAVAILABLE, UNAVAILABLE, 7, 503",
    "DATA_LOSS, DATA_LOSS, 1, 500"
  })
  void shouldMapEachRefusal(ErrorCode code, Status.Code grpc, int exit, int http) {
    assertThat(ErrorMapper.grpc(code)).isEqualTo(grpc);
    assertThat(ErrorMapper.exitCode(grpc)).isEqualTo(exit);
    assertThat(ErrorMapper.http(grpc)).isEqualTo(http);
  }

  @Test
  void shouldSayThatAServerGoesAwayWhoseWorkersTakeNothingMore() {
    var failed = new CompletionException(new RejectedExecutionException("pool[Shutting down]"));

    Status status = ErrorMapper.status(failed);

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).isEqualTo("the server goes away; try again");
  }

  @Test
  void shouldKeepTheDatabasesOwnWordsFromClients() {
    StorageException failed =
        new StorageException(ErrorCode.UNAVAILABLE, "the database failed: jdbc:h2:file:/secret");

    Status status = ErrorMapper.status(new CompletionException(failed));

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription())
        .isEqualTo("the server's database does not answer; try again");
  }
}
