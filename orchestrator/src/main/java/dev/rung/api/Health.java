package dev.rung.api;

import dev.rung.study.Trouble;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** How this server is. */
public interface Health {

  /** Studies that do not answer now; the stage fails where that cannot be told in time. */
  CompletionStage<List<Trouble>> troubles();
}
