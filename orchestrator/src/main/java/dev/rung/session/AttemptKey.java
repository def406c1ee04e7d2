package dev.rung.session;

import dev.rung.study.AttemptRef;

/**
 * Names an attempt on the wire: a study's id, a slash, the trial's number, and the attempt's
 * number.
 *
 * @param study 1 to 64 of [a-z0-9-]
 */
record AttemptKey(String study, AttemptRef ref) {

  /**
   * Reads an attempt's name.
   *
   * @throws ProtocolException it is none
   */
  static AttemptKey of(dev.rung.proto.v1.AttemptRef wire) {
    String trial = wire.getTrial();
    int slash = trial.indexOf('/');
    if (slash < 1 || slash > 64 || !trial.matches("[a-z0-9-]+/[1-9][0-9]{0,8}")) {
      throw new ProtocolException(
          "expected a trial as STUDY/NUMBER, but came '%s'"
              .formatted(ProtocolException.cut(trial)));
    }
    if (wire.getAttempt() < 1) {
      throw new ProtocolException(
          "expected an attempt from 1, but came " + Integer.toUnsignedString(wire.getAttempt()));
    }
    int number = Integer.parseInt(trial.substring(slash + 1));
    return new AttemptKey(trial.substring(0, slash), new AttemptRef(number, wire.getAttempt()));
  }

  /** The name on the wire. */
  dev.rung.proto.v1.AttemptRef toWire() {
    return dev.rung.proto.v1.AttemptRef.newBuilder()
        .setTrial(study + "/" + ref.trial())
        .setAttempt(ref.attempt())
        .build();
  }
}
