package dev.rung.benchmarks;

/** How many slots there were and how many had a trial, over time. */
final class SlotUse {
  private long slots;
  private long busy;
  private long since = System.nanoTime();
  private double slotSeconds;
  private double busySeconds;

  /**
   * Slot-seconds until a moment.
   *
   * @param slots of nodes that are there
   * @param busy of these with a trial in them
   */
  record Total(double slots, double busy) {
    /** The part that was used since an earlier moment. */
    double shareSince(Total earlier) {
      return (busy - earlier.busy) / Math.max(1e-9, slots - earlier.slots);
    }
  }

  /** Slots came and went. */
  synchronized void change(int moreSlots, int moreBusy) {
    advance();
    slots += moreSlots;
    busy += moreBusy;
  }

  synchronized Total total() {
    advance();
    return new Total(slotSeconds, busySeconds);
  }

  private void advance() {
    long now = System.nanoTime();
    slotSeconds += slots * ((now - since) / 1e9);
    busySeconds += busy * ((now - since) / 1e9);
    since = now;
  }
}
