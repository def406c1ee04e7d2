package dev.rung.web;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.rung.proto.v1.StudyServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path and the rpc that a POST to it is.
 *
 * @param path names what of the path are fields of the request
 * @param fields of the request, in the order of the path
 */
record Route(Pattern path, List<String> fields, MethodDescriptor<?, ?> rpc) {
  private static final String STUDY = "/v1/studies/([^/]+)";
  private static final String TRIAL = STUDY + "/trials/([^/]+)";

  /** Every unary rpc of studies. */
  static final List<Route> ALL =
      List.of(
          of("/v1/studies/create", StudyServiceGrpc.getCreateStudyMethod()),
          of("/v1/studies/list", StudyServiceGrpc.getListStudiesMethod()),
          of(STUDY + "/get", StudyServiceGrpc.getGetStudyMethod(), "study"),
          of(STUDY + "/set", StudyServiceGrpc.getSetStudyMethod(), "study"),
          of(STUDY + "/control", StudyServiceGrpc.getControlStudyMethod(), "study"),
          of(STUDY + "/ask", StudyServiceGrpc.getAskMethod(), "study"),
          of(STUDY + "/tell", StudyServiceGrpc.getTellMethod(), "study"),
          of(STUDY + "/trials", StudyServiceGrpc.getListTrialsMethod(), "study"),
          of(TRIAL + "/get", StudyServiceGrpc.getGetTrialMethod(), "study", "trial"),
          of(TRIAL + "/control", StudyServiceGrpc.getControlTrialMethod(), "study", "trial"),
          of(TRIAL + "/explain", StudyServiceGrpc.getExplainTrialMethod(), "study", "trial"),
          of(TRIAL + "/metric", StudyServiceGrpc.getPutMetricMethod(), "study", "trial"));

  private static Route of(String path, MethodDescriptor<?, ?> rpc, String... fields) {
    return new Route(Pattern.compile(path), List.of(fields), rpc);
  }

  /** The one for a path; empty: there is none. */
  static Optional<Route> find(String path) {
    return ALL.stream().filter(route -> route.path().matcher(path).matches()).findFirst();
  }

  /** An empty request. */
  Message.Builder request() {
    return ((Message) prototype().getMessagePrototype()).newBuilderForType();
  }

  private MethodDescriptor.PrototypeMarshaller<?> prototype() {
    return (MethodDescriptor.PrototypeMarshaller<?>) rpc.getRequestMarshaller();
  }

  /**
   * Puts into a request what its path says.
   *
   * @throws IllegalArgumentException the request says something else, or a number is none
   */
  void fill(Message.Builder request, String actual) {
    Matcher matcher = path.matcher(actual);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected another path than " + actual);
    }
    for (int i = 0; i < fields.size(); i++) {
      FieldDescriptor field = request.getDescriptorForType().findFieldByName(fields.get(i));
      Object value = value(field, matcher.group(i + 1));
      Object said = request.getField(field);
      if (!said.equals(field.getDefaultValue()) && !said.equals(value)) {
        throw new IllegalArgumentException(
            "%s: expected %s, as the path has it, but came %s"
                .formatted(field.getName(), value, said));
      }
      request.setField(field, value);
    }
  }

  private static Object value(FieldDescriptor field, String text) {
    if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
      return text;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: expected a number, but came '%s'".formatted(field.getName(), text), e);
    }
  }
}
