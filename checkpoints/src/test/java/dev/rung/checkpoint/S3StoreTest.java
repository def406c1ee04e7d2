package dev.rung.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rung.checkpoint.CheckpointException.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3StoreTest extends StoreContract {
  private static final String PREFIX = "rung/checkpoints/";
  private static @Nullable Moto moto;
  private static int buckets;

  private final List<AutoCloseable> open = new ArrayList<>();
  private String bucket = "";
  private @Nullable S3Client client;
  private @Nullable CheckpointStore store;

  @BeforeAll
  static void start() throws Exception {
    moto = Moto.start();
  }

  @AfterAll
  static void stop() {
    if (moto != null) {
      moto.close();
    }
  }

  @BeforeEach
  void open() {
    bucket = "bucket-" + ++buckets;
    client = client(Objects.requireNonNull(moto).endpoint());
    client().createBucket(create -> create.bucket(bucket));
    store = store(client());
  }

  @AfterEach
  void close() throws Exception {
    store().close();
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  private S3Client client() {
    return Objects.requireNonNull(client);
  }

  @Override
  CheckpointStore store() {
    return Objects.requireNonNull(store);
  }

  private CheckpointStore store(S3Client through) {
    return new S3Store("s3://" + bucket + "/" + PREFIX, bucket, PREFIX, () -> through);
  }

  private static S3Client client(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  @Override
  void damage(String place, byte[] content) {
    String key = PREFIX + Place.of(place).key();
    client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  @Override
  CheckpointStore full() throws IOException {
    return store(client(answering(507, "XMinioStorageFull", new ArrayList<>())));
  }

  @Override
  CheckpointStore forbidden() throws IOException {
    return store(client(answering(403, "AccessDenied", new ArrayList<>())));
  }

  @Override
  boolean hasLeftovers(String prefix) {
    return !client().listMultipartUploads(list -> list.bucket(bucket)).uploads().isEmpty();
  }

  /** A server that has one answer to everything. */
  private URI answering(int status, String code, List<String> asked) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String condition = exchange.getRequestHeaders().getFirst("If-None-Match");
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + condition);
          exchange.getRequestBody().readAllBytes();
          byte[] body = ascii("<Error><Code>" + code + "</Code><Message>no</Message></Error>");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void shouldAskTheServerItselfToWriteNothingOver() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    CheckpointStore refused = store(client(answering(412, "PreconditionFailed", asked)));
    String place = prefix(refused, 1) + "1.ckpt";
    assertFault(Fault.TAKEN, () -> refused.write(place, out -> out.write(1)));
    assertThat(asked.get(0))
        .isEqualTo("PUT /%s/rung/checkpoints/study7/3/1/1.ckpt *".formatted(bucket));
  }

  @Test
  void shouldNotTakeABucketThatIsNotThereForACheckpointThatIsGone() {
    String elsewhere = "s3://no-such-bucket/";
    CheckpointStore none = new S3Store(elsewhere, "no-such-bucket", "", () -> client());
    assertFault(Fault.UNAVAILABLE, () -> none.open(elsewhere + "study7/3/1/1.ckpt"));
  }

  @Test
  void shouldSayThatNobodyIsThere() {
    S3Client nobody = client(URI.create("http://127.0.0.1:1"));
    CheckpointStore away = store(nobody);
    assertFault(Fault.UNAVAILABLE, () -> away.open(prefix(away, 1) + "1.ckpt"));
    away.close();
  }

  @Test
  void shouldTakeEndpointAndCredentialsFromTheEnvironmentAlone() throws IOException {
    System.setProperty("aws.endpointUrlS3", Objects.requireNonNull(moto).endpoint().toString());
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    try (CheckpointStore opened = Stores.open("s3://" + bucket + "/" + PREFIX, "")) {
      opened.verify(opened.write(prefix(opened, 1) + "1.ckpt", noise(9 << 20)));
      assertThat(store().list(prefix(store(), 1))).hasSize(1);
    } finally {
      System.clearProperty("aws.endpointUrlS3");
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}
