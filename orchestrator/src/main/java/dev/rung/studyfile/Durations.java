package dev.rung.studyfile;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as a study file writes them: a whole number and s, m, h or d. */
final class Durations {
  /** What a time must look like, to stand after "expected". */
  static final String EXPECTED = "a time from 1s to 3650d such as 90s, 15m, 8h or 3d";

  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

  private Durations() {}

  /** The time, or none where the text is not one from 1 s to 3,650 days. */
  static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(form.group(1));
    Duration time =
        switch (form.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    return time.isZero() || time.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(time);
  }
}
