package dev.rung.logs;

/**
 * How much of logs is kept.
 *
 * @param fileBytes of one file; a trial has two, the older goes when the newer is full
 * @param studyBytes of all files of a study; beyond it goes what was written least recently
 * @param bytesASecond that one trial may write for long; lines beyond it are dropped
 * @param burstBytes that one trial may write at once
 */
public record LogSettings(long fileBytes, long studyBytes, long bytesASecond, long burstBytes) {

  /** The ordinary settings. */
  public static final LogSettings DEFAULTS =
      new LogSettings(512 << 10, 256L << 20, 128 << 10, 1 << 20);
}
