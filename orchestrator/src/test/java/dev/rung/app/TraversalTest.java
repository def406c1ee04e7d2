package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.rung.access.Rpcs;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.FetchCheckpointRequest;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.StudyServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that lead out of the data folder, in every text that a peer can send. */
@Timeout(120)
class TraversalTest {
  private static final String CANARY = "canary-5b1e";

  private static final String STUDY =
      """
      name: climbs
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted}
      """;

  /** Data are in site/data, and what nobody may reach beside it in site. */
  @TempDir private static Path site;

  private static RunningServer server;
  private static RawNode node;
  private static Run run;
  private static Map<String, String> around;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(site.resolve("canary"), CANARY);
    Path outside = Files.createDirectories(site.resolve("outside/1/1"));
    Files.writeString(outside.resolve("1.ckpt"), CANARY);
    server = new RunningServer(site.resolve("data"), 0, Duration.ofSeconds(60));
    server.create(STUDY);
    node = new RawNode(server.channel).say(RawNode.hello("climber"));
    run = node.awaitRun();
    around = around();
  }

  @AfterAll
  static void end() {
    node.leave();
    server.close();
  }

  @AfterEach
  void shouldHaveLeftAloneWhatIsAround() {
    assertThat(around()).isEqualTo(around);
    assertThat(site.resolve("data"))
        .isDirectoryNotContaining("glob:**/*canary*")
        .isDirectoryNotContaining("glob:**/*..*");
  }

  private static List<String> climbing() {
    String canary = site.resolve("canary").toString();
    return List.of(
        "../canary",
        "../../../../../../../../etc/passwd",
        "%2e%2e/canary",
        "%2e%2e%2fcanary",
        "..%252fcanary",
        "..\\canary",
        "..\\..\\canary",
        "....//canary",
        canary,
        "file://" + canary,
        "file:" + canary,
        "climbs#/../../canary",
        "climbs?path=" + canary,
        "climbs/../../canary",
        "climbs\0/../canary",
        "~/canary",
        "..");
  }

  @Test
  void shouldReachNothingByAnyTextOfAnyRpc() throws Exception {
    List<String> told = new ArrayList<>();
    int calls = 0;
    for (MethodDescriptor<?, ?> rpc : Rpcs.all()) {
      for (String text : climbing()) {
        for (String study : List.of(text, run.getAttempt().getTrial().split("/", 2)[0])) {
          Answer answer = call(rpc, text, study);
          calls++;
          if (answer.text().contains(CANARY)) {
            told.add(rpc.getFullMethodName() + " with " + text);
          }
        }
      }
    }
    System.out.printf(
        "traversal: %,d calls of %d rpcs, %d told%n", calls, Rpcs.all().size(), told.size());
    assertThat(told).isEmpty();
  }

  @Test
  void shouldTakeNoCheckpointAtAPlaceThatLeadsAway() throws Exception {
    String prefix = run.getCheckpointPrefix();
    String key = run.getAttempt().getTrial() + "/1/";
    List<String> places = new ArrayList<>(climbing());
    for (String text : climbing()) {
      places.add(prefix + text);
      places.add(prefix + text + "/1.ckpt");
    }
    places.add(prefix + "1.ckpt#/../../canary");
    places.add(prefix + "1.ckpt?x");
    places.add("http://169.254.169.254/latest/meta-data/" + key + "1.ckpt");
    places.add("s3://169.254.169.254/" + key + "1.ckpt");
    for (String place : places) {
      RawNode other = new RawNode(server.channel).say(RawNode.hello("climber-2"));
      other.await(ServerMessage::hasWelcome);
      other.say(
          run.getAttempt(),
          1,
          Entry.newBuilder()
              .setCheckpoint(
                  Checkpoint.newBuilder()
                      .setStep(1)
                      .setPlace(place)
                      .setBytes(CANARY.length())
                      .setDigest(ByteString.copyFrom(new byte[32])))
              .build());
      assertThat(other.awaitClosed().getCode()).as(place).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  /** Whoever may write to a shared folder may put a link there; the server does not follow it. */
  @Test
  void shouldNotFollowALinkOutOfTheFolderOfCheckpoints() throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(CANARY.getBytes(StandardCharsets.UTF_8));
    Path folder = Path.of(java.net.URI.create(run.getCheckpointPrefix()));
    Files.createDirectories(folder.getParent());
    Files.createSymbolicLink(folder, site.resolve("outside/1/1"));
    node.say(
        run.getAttempt(),
        1,
        Entry.newBuilder()
            .setCheckpoint(
                Checkpoint.newBuilder()
                    .setStep(1)
                    .setPlace(run.getCheckpointPrefix() + "1.ckpt")
                    .setBytes(CANARY.length())
                    .setDigest(ByteString.copyFrom(digest)))
            .build());
    node.await(message -> message.hasAck() && message.getAck().getAckedSeq() == 1);
    try {
      StringBuilder told = new StringBuilder();
      StudyServiceGrpc.newBlockingStub(server.channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .fetchCheckpoint(
              FetchCheckpointRequest.newBuilder()
                  .setStudy(run.getAttempt().getTrial().split("/", 2)[0])
                  .setTrial(1)
                  .build())
          .forEachRemaining(told::append);
      throw new AssertionError("expected a refusal, but came " + told);
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    } finally {
      Files.delete(folder);
    }
  }

  /** What came for a call: messages as they are on the wire, and the status. */
  private record Answer(String text) {}

  private static Answer call(MethodDescriptor<?, ?> rpc, String text, String study)
      throws Exception {
    ProtoMethodDescriptorSupplier schema =
        (ProtoMethodDescriptorSupplier) rpc.getSchemaDescriptor();
    Descriptor input = schema.getMethodDescriptor().getInputType();
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(rpc.getType())
            .setFullMethodName(rpc.getFullMethodName())
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    StringBuilder came = new StringBuilder();
    CompletableFuture<Answer> end = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call =
        server.channel.newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            came.append(new String(message, StandardCharsets.ISO_8859_1));
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(new Answer(came.append(status).append(trailers).toString()));
          }
        },
        new Metadata());
    call.request(1_000);
    call.sendMessage(filled(input, text, study, 0).toByteArray());
    call.halfClose();
    return end.get(20, TimeUnit.SECONDS);
  }

  /** A message with a text wherever one can be; a study's own field may have another. */
  private static DynamicMessage filled(Descriptor type, String text, String study, int depth) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      Object value =
          switch (field.getJavaType()) {
            case STRING -> field.getName().equals("study") ? study : text;
            case BYTE_STRING -> ByteString.copyFromUtf8(text);
            case INT -> 1;
            case LONG -> 1L;
            case MESSAGE ->
                depth > 4 ? null : filled(field.getMessageType(), text, study, depth + 1);
            case BOOLEAN, DOUBLE, FLOAT, ENUM -> null;
          };
      if (value != null && field.isRepeated()) {
        message.addRepeatedField(field, value);
      } else if (value != null) {
        message.setField(field, value);
      }
    }
    return message.build();
  }

  /** Messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream in) {
      try {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Every file around the data, with what is in it. */
  private static Map<String, String> around() {
    try (Stream<Path> files = Files.walk(site)) {
      Map<String, String> all = new TreeMap<>();
      for (Path file : files.filter(path -> !path.startsWith(site.resolve("data"))).toList()) {
        all.put(
            site.relativize(file).toString(),
            Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()
                ? HexFormat.of().formatHex(Files.readAllBytes(file))
                : "");
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
