package dev.rung.study;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a slot that is granted comes with.
 *
 * @param slots that are free together on its node, with it
 * @param labels of the node
 * @param hourPrice money that each of them costs an hour; 0 where unknown
 */
public record SlotOffer(int slots, Map<String, String> labels, double hourPrice) {
  /** Copies the labels. */
  public SlotOffer {
    labels = Map.copyOf(labels);
  }

  /** Just what a request asks for, as a trial has it that is in its slots already. */
  static SlotOffer of(SlotRequest request) {
    Map<String, String> labels = new TreeMap<>(request.labels());
    request.least().forEach((label, bound) -> labels.put(label, Double.toString(bound)));
    return new SlotOffer(request.slots(), labels, 0);
  }

  /** Whether a trial that asks for this can begin in it. */
  public boolean satisfies(SlotRequest request) {
    return request.slots() <= slots && request.fits(labels);
  }
}
