package dev.rung.trainer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What the process of a trial says to its node: its name, then what belongs to it. */
enum Ask {
  /** A point of the protocol. Answered by the directive's name. */
  REPORT,
  /** The step of what {@link #CHECKPOINT_FILE} holds. Answered once it is stored. */
  CHECKPOINT,
  /** Answered once {@link #RESUME_FILE} holds what the attempt goes on from. */
  RESUME,
  /** Answered by the directive's name. */
  DIRECTIVE,
  /** A step. Answered by a boolean. */
  CHECKPOINT_DUE,
  /** Answered by a step. */
  MILESTONE,
  /** Text for the trial's log. Not answered. */
  LOG,
  /** An end of the protocol, the last word. Not answered. */
  ENDED;

  /** How an answer begins. */
  enum Answer {
    /** What was asked for follows. */
    FINE,
    /** A text follows: what was said is not what it may be. */
    ILLEGAL,
    /** A text follows. */
    FAILED,
    /** The name of a store's fault and a text follow. */
    STORE
  }

  /** In the folder of the attempt. */
  static final String CHECKPOINT_FILE = "checkpoint";

  /** In the folder of the attempt. */
  static final String RESUME_FILE = "resume";

  /** What follows the name. */
  @FunctionalInterface
  interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  /** One message. */
  byte[] message(Content content) throws IOException {
    return message(name(), content);
  }

  static byte[] message(String kind, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(kind);
    content.write(out);
    return bytes.toByteArray();
  }

  /** A message that is a text. */
  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of a message, or of what is left of one. */
  static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }

  /** A text that ends its message. */
  static void writeText(OutputStream out, String text) throws IOException {
    out.write(text(text));
  }
}
