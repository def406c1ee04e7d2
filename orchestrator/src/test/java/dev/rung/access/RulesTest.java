package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Rule;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.TokenServiceGrpc;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;

class RulesTest {

  /** Whoever adds an rpc says in its file who may call it: {@code option (rule) = RULE_READ;}. */
  @Test
  void shouldFindARuleOnEveryRpc() {
    assertThat(Rpcs.all()).hasSizeGreaterThan(20);
    assertThat(Rpcs.all())
        .allSatisfy(rpc ->
            assertThat(Rules.of(rpc))
                .as("the rule of " + rpc.getFullMethodName())
                .isNotIn(Rule.RULE_UNSPECIFIED, Rule.UNRECOGNIZED));
  }

  @Test
  void shouldReadRulesAsTheyAreDeclared() {
    assertThat(Rules.of(StudyServiceGrpc.getGetStudyMethod())).isEqualTo(Rule.RULE_READ);
    assertThat(Rules.of(StudyServiceGrpc.getCreateStudyMethod())).isEqualTo(Rule.RULE_CHANGE);
    assertThat(Rules.of(TrainerServiceGrpc.getConnectMethod())).isEqualTo(Rule.RULE_TRAIN);
    assertThat(Rules.of(TokenServiceGrpc.getCreateTokenMethod())).isEqualTo(Rule.RULE_ADMINISTER);
  }

  @Test
  void shouldFindNoRuleOnAnRpcThatIsNotOfTheProtocol() {
    MethodDescriptor<?, ?> other =
        StudyServiceGrpc.getGetStudyMethod().toBuilder().setSchemaDescriptor(null).build();
    assertThat(Rules.of(other)).isEqualTo(Rule.RULE_UNSPECIFIED);
  }
}
