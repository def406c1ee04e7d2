package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that reads checkpoints in a bucket. */
class StoreCheckpointsTest {
  private static final String BASE = "s3://bucket/rung/";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer bucket;

  @BeforeEach
  void start() throws Exception {
    bucket = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bucket.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          boolean there = exchange.getRequestURI().getPath().endsWith("/9.ckpt");
          exchange.sendResponseHeaders(there ? 200 : 404, there ? 3 : -1);
          if (there) {
            exchange.getResponseBody().write(new byte[] {1, 2, 3});
          }
          exchange.close();
        });
    bucket.start();
    String endpoint = "http://127.0.0.1:" + bucket.getAddress().getPort();
    System.setProperty("aws.endpointUrlS3", endpoint);
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
  }

  @AfterEach
  void stop() {
    System.clearProperty("aws.endpointUrlS3");
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    bucket.stop(0);
  }

  private static Entry.Checkpoint at(String place) {
    return new Entry.Checkpoint(9, place, 3, "00");
  }

  @Test
  void shouldReadACheckpointInABucket() throws Exception {
    StoreCheckpoints checkpoints = new StoreCheckpoints(Set.of(BASE));
    try (InputStream in = checkpoints.open(at(BASE + "study/2/2/9.ckpt"))) {
      assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
    }
    assertThat(asked).containsExactly("GET /bucket/rung/study/2/2/9.ckpt");
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> checkpoints.open(at(BASE + "study/2/2/8.ckpt")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS));
  }

  /** What a peer can say is a bucket, and that is no host. */
  @Test
  void shouldDialTheOperatorsEndpointWhateverABucketIsCalled() throws Exception {
    for (String name :
        List.of("localhost", "metadata.google.internal", "169-254-169-254.example.org")) {
      asked.clear();
      String base = "s3://" + name + "/";
      StoreCheckpoints checkpoints = new StoreCheckpoints(Set.of(base));
      try (InputStream in = checkpoints.open(at(base + "study/2/2/9.ckpt"))) {
        assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
      }
      assertThat(asked).containsExactly("GET /" + name + "/study/2/2/9.ckpt");
    }
  }

  @Test
  void shouldReadNothingThatTheOperatorDidNotName() {
    StoreCheckpoints checkpoints = new StoreCheckpoints(Set.of(BASE));
    for (String place :
        List.of(
            "s3://bucket/other/study/2/2/9.ckpt",
            "s3://other/rung/study/2/2/9.ckpt",
            BASE + "../study/2/2/9.ckpt",
            BASE + "secret",
            "file:///etc/study/2/2/9.ckpt")) {
      assertThatExceptionOfType(ApiException.class)
          .isThrownBy(() -> checkpoints.open(at(place)))
          .withMessage(
              "expected a checkpoint in a store of this server (s3://bucket/rung/), but its place is"
                  + " elsewhere")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> checkpoints.open(at("file://gpu-1/data/study/2/2/9.ckpt")))
        .withMessageContaining("it is on the disk of node gpu-1, at file://gpu-1/data/");
    assertThat(asked).isEmpty();
  }
}
