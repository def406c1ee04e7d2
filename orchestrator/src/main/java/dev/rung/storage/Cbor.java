package dev.rung.storage;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records to CBOR (RFC 8949) and back. The same record gives the same bytes. Unknown components are
 * ignored, so that an older server reads what a newer one wrote; components that are not optional
 * must be there.
 */
final class Cbor {
  private static final ObjectMapper MAPPER = stored(CBORMapper.builder()).build();

  // Each looks its type up only when it is made.
  private static final Map<Class<?>, ObjectWriter> WRITERS = new ConcurrentHashMap<>();
  private static final Map<Class<?>, ObjectReader> READERS = new ConcurrentHashMap<>();

  private Cbor() {}

  /**
   * The bytes of a record.
   *
   * @param type the declared type, which decides whether its kind is written
   */
  static <T> byte[] write(Class<T> type, T value) {
    try {
      return WRITERS.computeIfAbsent(type, MAPPER::writerFor).writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("expected something that can be encoded", e);
    }
  }

  /**
   * The record of some bytes.
   *
   * @throws StorageException with DATA_LOSS: the bytes are no such record
   */
  static <T> T read(Class<T> type, byte[] bytes) {
    return read(type, bytes, value -> value);
  }

  /**
   * What is made of the record of some bytes.
   *
   * @throws StorageException with DATA_LOSS: the bytes are no such record, or nothing can be made
   *     of it
   */
  static <T, R> R read(Class<T> type, byte[] bytes, Function<T, R> make) {
    try {
      return make.apply(READERS.computeIfAbsent(type, MAPPER::readerFor).<T>readValue(bytes));
    } catch (IOException | RuntimeException e) {
      String what =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected %d bytes that hold a %s, but: %s"
              .formatted(bytes.length, type.getSimpleName(), what),
          e);
    }
  }

  /** Values by their names as bytes. */
  static byte[] writeMetrics(Map<String, Double> metrics) {
    return write(Metrics.class, new Metrics(metrics));
  }

  /** Values by their names, in a map of the caller's own. */
  static Map<String, Double> readMetrics(byte[] bytes) {
    return new HashMap<>(read(Metrics.class, bytes).metrics());
  }

  private record Metrics(Map<String, Double> metrics) {}

  /** Sets a mapper up to write what is stored as it is stored, in whatever format it writes. */
  static <B extends MapperBuilder<?, B>> B stored(B builder) {
    builder
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(Values.module())
        .annotationIntrospector(new RequiredUnlessOptional())
        .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    Kinds.addTo(builder);
    return builder;
  }

  private static final class RequiredUnlessOptional extends JacksonAnnotationIntrospector {
    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
      if (member instanceof AnnotatedParameter) {
        return !member.getRawType().getName().startsWith("java.util.Optional");
      }
      return super.hasRequiredMarker(member);
    }

    /** What is there and null is not there, unless it may be null. */
    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
      return annotated instanceof AnnotatedParameter parameter
              && Boolean.TRUE.equals(hasRequiredMarker(parameter))
              && !isNullable(parameter)
          ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
          : super.findSetterInfo(annotated);
    }

    private static boolean isNullable(AnnotatedParameter parameter) {
      return parameter.getOwner().getMember() instanceof Executable creator
          && creator.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(
              Nullable.class);
    }
  }
}
