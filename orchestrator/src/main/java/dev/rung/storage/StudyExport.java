package dev.rung.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A study's whole history as JSON Lines (docs/export.md): a header, then a line an event. Names and
 * components are those of the journal; only the encoding differs.
 */
public final class StudyExport {
  private static final String FORMAT = "rung-study";
  private static final int VERSION = 1;

  /** Bytes that tell what a file is. */
  private static final int BEGINNING = 64;

  /**
   * In ASCII, so that nothing in a name or a message can steer a terminal. A file may have been
   * edited: a text is no number, and a step is whole.
   */
  private static final ObjectMapper MAPPER =
      Cbor.stored(JsonMapper.builder())
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private StudyExport() {}

  /**
   * The first line.
   *
   * @param format always rung-study
   * @param version of the format
   * @param study id
   * @param name for people
   * @param events how many lines follow
   * @param source text of the study file
   */
  public record Header(
      String format, int version, String study, String name, long events, String source) {}

  /**
   * A history that was read.
   *
   * @param events all of them, in order
   */
  public record Read(Header header, List<StudyEvent> events) {}

  /**
   * The first line of an export, without its end.
   *
   * @param first the study's first event
   * @param events how many lines follow
   * @throws StorageException DATA_LOSS: the history does not begin with the study's creation
   */
  public static String header(StudyEvent first, long events) {
    if (first instanceof StudyEvent.StudyCreated created) {
      return write(
          Header.class,
          new Header(
              FORMAT, VERSION, created.study(), created.plan().name(), events, created.source()));
    }
    throw damaged("expected a history that begins with study-created, but came " + first, null);
  }

  /** The line of an event, without its end. */
  public static String line(StudyEvent event) {
    return write(StudyEvent.class, event);
  }

  /** Whether what comes next begins as an export does; it is still to be read. */
  public static boolean isNext(InputStream in) throws IOException {
    in.mark(BEGINNING);
    String beginning = new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1);
    in.reset();
    return beginning.matches("(?s)\\s*\\{\\s*\"format\"\\s*:\\s*\".*");
  }

  /**
   * Reads an export.
   *
   * @throws StorageException DATA_LOSS: it is damaged, cut short, or of a version that is not known
   * @throws IOException it cannot be read
   */
  public static Read read(BufferedReader lines) throws IOException {
    String first = lines.readLine();
    if (first == null) {
      throw damaged("expected an export, but came nothing", null);
    }
    Header header = parse(Header.class, first, 1);
    if (!header.format().equals(FORMAT) || header.version() != VERSION) {
      throw damaged(
          "expected format %s in version %d, but came %s in version %d"
              .formatted(FORMAT, VERSION, header.format(), header.version()),
          null);
    }
    List<StudyEvent> events = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      events.add(parse(StudyEvent.class, line, events.size() + 2));
    }
    if (events.size() != header.events()) {
      throw damaged(
          "expected %d events, but came %d".formatted(header.events(), events.size()), null);
    }
    return new Read(header, events);
  }

  private static <T> String write(Class<T> type, T value) {
    try {
      return MAPPER.writerFor(type).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("expected something that can be encoded", e);
    }
  }

  private static <T> T parse(Class<T> type, String line, int number) {
    T value;
    try {
      value = MAPPER.readerFor(type).readValue(line);
    } catch (JsonProcessingException e) {
      throw damaged(expected(type, number, "but: " + problem(e)), e);
    }
    if (value == null) {
      throw damaged(expected(type, number, "but came null"), null);
    }
    return value;
  }

  private static String expected(Class<?> type, int number, String came) {
    return "line %d: expected a %s, %s".formatted(number, type.getSimpleName(), came);
  }

  /** With the field in which it is, as {@code entries.values[0]}. */
  private static String problem(JsonProcessingException e) {
    String field =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(part ->
                    part.getFieldName() == null
                        ? "[%d]".formatted(part.getIndex())
                        : "." + part.getFieldName())
                .collect(Collectors.joining())
            : "";
    String message =
        e instanceof InvalidTypeIdException unknown && unknown.getTypeId() != null
            ? "kind %s is not known".formatted(unknown.getTypeId())
            : e.getOriginalMessage();
    return field.isEmpty() ? message : field.replaceFirst("^\\.", "") + ": " + message;
  }

  private static StorageException damaged(String message, @Nullable Throwable cause) {
    return new StorageException(ErrorCode.DATA_LOSS, message, cause);
  }
}
