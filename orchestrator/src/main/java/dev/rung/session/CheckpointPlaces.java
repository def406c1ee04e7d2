package dev.rung.session;

import dev.rung.checkpoint.Place;
import dev.rung.checkpoint.Stores;

/**
 * Where the checkpoints of a node's attempts are.
 *
 * @param node its name
 * @param base what every place begins with that a new attempt is given
 */
record CheckpointPlaces(String node, String base) {

  /**
   * The place that a node has named, or else the server's.
   *
   * @param own as the node said it in its Hello; empty: it named none
   * @param servers where nodes keep checkpoints that name no place
   * @throws ProtocolException it is no place, or one on the disk of another node
   */
  static CheckpointPlaces of(String node, String own, String servers) {
    if (own.isEmpty()) {
      return new CheckpointPlaces(node, servers);
    }
    try {
      String owner = Stores.nodeOf(Stores.check(own));
      if (owner != null && !owner.equals(node)) {
        throw new ProtocolException(
            "expected checkpoints that node %s keeps, but came a place on the disk of %s"
                .formatted(node, ProtocolException.cut(owner)));
      }
    } catch (IllegalArgumentException e) {
      throw new ProtocolException(ProtocolException.cut(String.valueOf(e.getMessage())));
    }
    return new CheckpointPlaces(node, own);
  }

  /** Those of an attempt. */
  OfAttempt of(AttemptKey key) {
    return new OfAttempt(
        node, base, key.study() + "/" + key.ref().trial() + "/" + key.ref().attempt() + "/");
  }

  /**
   * Places of one attempt.
   *
   * @param key made of numbers and the server's own id alone
   */
  record OfAttempt(String node, String base, String key) {

    /** What the places of a new attempt begin with. */
    String prefix() {
      return base + key;
    }

    /**
     * Whether a checkpoint of the attempt may be there. Its base may be one that the node had
     * before it was started anew.
     */
    boolean has(String place) {
      try {
        Place parts = Place.of(place);
        String owner = Stores.nodeOf(Stores.check(parts.base()));
        return parts.key().startsWith(key) && (owner == null || owner.equals(node));
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }
}
