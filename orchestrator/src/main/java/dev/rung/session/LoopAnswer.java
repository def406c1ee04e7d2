package dev.rung.session;

import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.TellResponse;
import dev.rung.study.StudyReply;
import io.grpc.Status;

/** What a loop's call is answered. */
public sealed interface LoopAnswer {

  /** Of an ask; without one of the answers of its oneof the study has no trial for the loop now. */
  record Asked(AskResponse response) implements LoopAnswer {}

  /** Of a tell. */
  record Told(TellResponse response) implements LoopAnswer {}

  /** The study refused it. */
  record Rejected(StudyReply.Rejected reply) implements LoopAnswer {}

  /** The call breaks a rule or a limit. */
  record Refused(Status status) implements LoopAnswer {}
}
