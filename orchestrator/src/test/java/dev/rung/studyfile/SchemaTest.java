package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile.Invalid;
import dev.rung.studyfile.StudyFile.Valid;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema says what the reader does: each of its limits and defaults is tried on the reader. */
class SchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** JSON is YAML. The widest resource, so that every other limit fits beside it. */
  private static final String STUDY =
      """
      {"name": "a",
       "metric": {"name": "loss", "goal": "minimize"},
       "resource": {"max": 9007199254740992},
       "budget": {"trials": 1000},
       "algorithm": {"points": 2},
       "space": {"p": {"min": 0.5, "max": 2.5}},
       "trainer": {"kind": "scripted", "config": {}}}
      """;

  private static final List<Section> PARTS =
      List.of(Section.METRIC, Section.RESOURCE, Section.BUDGET, Section.ALGORITHM, Section.TRAINER);

  /** A key of the schema, at a JSON pointer of a study. */
  record Leaf(String mapping, String key, JsonNode schema) {
    @Override
    public String toString() {
      return mapping + "/" + key;
    }
  }

  static List<Leaf> leaves() throws JsonProcessingException {
    List<Leaf> leaves = new ArrayList<>();
    leaves.add(new Leaf("", "name", resolved(schema().at("/properties/name"))));
    for (Section part : PARTS) {
      for (Map.Entry<String, JsonNode> key : properties(pointer(part))) {
        leaves.add(new Leaf("/" + part.path(), key.getKey(), resolved(key.getValue())));
      }
    }
    return leaves;
  }

  @Test
  void shouldHaveTheKeysOfTheReader() throws JsonProcessingException {
    assertSameKeys(Section.STUDY, "");
    for (Section part : PARTS) {
      assertSameKeys(part, pointer(part));
    }
    assertSameKeys(Section.PARAMETER, "/$defs/parameter");
  }

  @ParameterizedTest
  @MethodSource("leaves")
  void shouldAgreeWithTheReaderOnLimits(Leaf leaf) throws JsonProcessingException {
    JsonNode schema = leaf.schema;
    for (JsonNode word : schema.path("enum")) {
      assertAccepted(leaf, word);
    }
    if (schema.has("enum")) {
      assertRefused(leaf, JSON.valueToTree("auto-or-none"));
    }
    if (schema.has("minimum")) {
      BigInteger minimum = schema.get("minimum").bigIntegerValue();
      assertAccepted(leaf, JSON.valueToTree(minimum));
      assertRefused(leaf, JSON.valueToTree(minimum.subtract(BigInteger.ONE)));
    }
    if (schema.has("maximum")) {
      BigInteger maximum = schema.get("maximum").bigIntegerValue();
      assertAccepted(leaf, JSON.valueToTree(maximum));
      assertRefused(leaf, JSON.valueToTree(maximum.add(BigInteger.ONE)));
    }
    if (schema.has("maxLength")) {
      assertAccepted(leaf, JSON.valueToTree("x".repeat(schema.get("maxLength").asInt())));
      assertRefused(leaf, JSON.valueToTree("x".repeat(schema.get("maxLength").asInt() + 1)));
      assertRefused(leaf, JSON.valueToTree("x".repeat(schema.get("minLength").asInt() - 1)));
    }
    for (JsonNode example : schema.path("examples")) {
      assertAccepted(leaf, example);
    }
    assertRefused(leaf, JSON.nullNode());
  }

  @ParameterizedTest
  @MethodSource("leaves")
  void shouldAgreeWithTheReaderOnDefaults(Leaf leaf) throws JsonProcessingException {
    JsonNode byDefault = leaf.schema.get("default");
    if (byDefault != null) {
      assertThat(plan(leaf, byDefault)).isEqualTo(plan(STUDY));
    }
    assertThat(leaf.schema.path("description").asText()).endsWith(".");
  }

  @Test
  void shouldAgreeWithTheReaderOnParameters() throws JsonProcessingException {
    JsonNode schema = schema();
    Set<String> types = new HashSet<>();
    schema.at("/$defs/parameter/properties/type/enum").forEach(t -> types.add(t.asText()));
    assertThat(types)
        .containsExactlyInAnyOrder(
            "int", "float", "boolean", "categorical", "ordinal", "constant", "simplex", "schedule");
    JsonNode values = schema.at("/$defs/parameter/properties/values");
    int most = values.get("maxItems").asInt();
    Leaf leaf = new Leaf("/space", "p", schema);
    assertAccepted(leaf, choice(most));
    assertRefused(leaf, choice(most + 1));
    assertRefused(leaf, choice(values.get("minItems").asInt() - 1));
    int longest = values.at("/items/anyOf/0/maxLength").asInt();
    assertAccepted(leaf, JSON.valueToTree(Map.of("values", List.of("x".repeat(longest)))));
    assertRefused(leaf, JSON.valueToTree(Map.of("values", List.of("x".repeat(longest + 1)))));
  }

  @Test
  void shouldAgreeWithTheReaderOnSizes() throws JsonProcessingException {
    JsonNode schema = schema();
    Leaf space = new Leaf("", "space", schema);
    int parameters = schema.at("/properties/space/maxProperties").asInt();
    JsonNode parameter = choice(1);
    assertAccepted(space, many(parameters, parameter));
    assertRefused(space, many(parameters + 1, parameter));
    Leaf enqueue = new Leaf("", "enqueue", schema);
    int assignments = schema.at("/properties/enqueue/maxItems").asInt();
    JsonNode one = JSON.valueToTree(Map.of("p", 1));
    assertAccepted(enqueue, JSON.valueToTree(Collections.nCopies(assignments, one)));
    assertRefused(enqueue, JSON.valueToTree(Collections.nCopies(assignments + 1, one)));
    Leaf config = new Leaf("/trainer", "config", schema);
    JsonNode configSchema = schema.at("/properties/trainer/properties/config");
    int settings = configSchema.get("maxProperties").asInt();
    assertAccepted(config, many(settings, JSON.valueToTree(1)));
    assertRefused(config, many(settings + 1, JSON.valueToTree(1)));
    int most = configSchema.at("/additionalProperties/anyOf/1/maxItems").asInt();
    assertAccepted(config, JSON.createObjectNode().set("list", choice(most).get("values")));
    assertRefused(config, JSON.createObjectNode().set("list", choice(most + 1).get("values")));
    int longest = schema.at("/$defs/setting/maxLength").asInt();
    assertAccepted(config, JSON.valueToTree(Map.of("text", "x".repeat(longest))));
    assertRefused(config, JSON.valueToTree(Map.of("text", "x".repeat(longest + 1))));
  }

  private static String pointer(Section part) {
    return part.equals(Section.METRIC) ? "/$defs/metric" : "/properties/" + part.path();
  }

  private static void assertSameKeys(Section section, String pointer)
      throws JsonProcessingException {
    JsonNode mapping = schema().at(pointer);
    Stream<String> keys = properties(pointer).stream().map(Map.Entry::getKey);
    assertThat(keys).as(pointer).containsExactlyElementsOf(section.keys());
    Set<String> required = new HashSet<>();
    mapping.path("required").forEach(key -> required.add(key.asText()));
    assertThat(required).as(pointer).isEqualTo(section.required());
    assertThat(mapping.path("additionalProperties").asBoolean(true)).as(pointer).isFalse();
  }

  private static void assertAccepted(Leaf leaf, JsonNode value) throws JsonProcessingException {
    assertThat(StudyFile.parse(with(leaf, value), "a.yaml", () -> 0))
        .as("%s: %s", leaf, value)
        .isInstanceOf(Valid.class);
  }

  private static void assertRefused(Leaf leaf, JsonNode value) throws JsonProcessingException {
    assertThat(StudyFile.parse(with(leaf, value), "a.yaml", () -> 0))
        .as("%s: %s", leaf, value)
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .allMatch(p -> ("/" + p.path().replace('.', '/')).startsWith(leaf.toString())));
  }

  private static StudyPlan plan(Leaf leaf, JsonNode value) throws JsonProcessingException {
    return plan(with(leaf, value));
  }

  private static StudyPlan plan(String text) {
    return switch (StudyFile.parse(text, "a.yaml", () -> 0)) {
      case Valid valid -> valid.plan();
      case Invalid invalid -> throw new AssertionError(invalid.toString());
    };
  }

  private static String with(Leaf leaf, JsonNode value) throws JsonProcessingException {
    JsonNode study = JSON.readTree(STUDY);
    ((ObjectNode) study.at(leaf.mapping)).set(leaf.key, value);
    return study.toString();
  }

  private static JsonNode choice(int count) {
    List<Integer> values = Stream.iterate(1, i -> i + 1).limit(count).toList();
    return JSON.valueToTree(Map.of("values", values));
  }

  private static JsonNode many(int count, JsonNode value) {
    ObjectNode all = JSON.createObjectNode();
    for (int i = 0; i < count; i++) {
      all.set("n" + i, value);
    }
    return all;
  }

  private static Set<Map.Entry<String, JsonNode>> properties(String pointer)
      throws JsonProcessingException {
    return schema().at(pointer + "/properties").properties();
  }

  private static JsonNode resolved(JsonNode key) throws JsonProcessingException {
    JsonNode reference = key.get("$ref");
    if (reference == null) {
      return key;
    }
    ObjectNode whole = schema().at(reference.asText().substring(1)).deepCopy();
    whole.setAll((ObjectNode) key);
    return whole;
  }

  private static JsonNode schema() throws JsonProcessingException {
    return JSON.readTree(StudyFile.schema());
  }
}
