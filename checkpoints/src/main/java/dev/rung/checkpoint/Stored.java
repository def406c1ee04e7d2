package dev.rung.checkpoint;

/**
 * A checkpoint as it was written.
 *
 * @param place its address
 * @param bytes its size
 * @param sha256 of its content, in hexadecimal
 */
public record Stored(String place, long bytes, String sha256) {
  @Override
  public String toString() {
    return bytes + " bytes with SHA-256 " + sha256 + " at " + place;
  }
}
