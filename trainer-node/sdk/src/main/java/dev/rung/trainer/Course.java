package dev.rung.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** How a scripted training goes. */
interface Course {

  /** The loss after a step; asked for every step once, in their order. */
  double loss(long step);

  /** Writes what a later step depends on. */
  default void save(DataOutputStream out) throws IOException {}

  /** Reads what was saved. */
  default void restore(DataInputStream in) throws IOException {}
}
