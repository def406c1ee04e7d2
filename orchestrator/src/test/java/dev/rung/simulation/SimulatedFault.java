package dev.rung.simulation;

/** Goes wrong because the simulation wants it to. */
final class SimulatedFault extends Exception {
  private static final long serialVersionUID = 1L;

  SimulatedFault(String what) {
    super(what, null, false, false);
  }
}
