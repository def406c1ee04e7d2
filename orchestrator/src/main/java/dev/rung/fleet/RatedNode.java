package dev.rung.fleet;

import java.util.OptionalDouble;

/**
 * A connected node and how fast it is.
 *
 * @param speed of training, against all nodes that train the same; 1 is as fast as the others;
 *     empty: it has trained nothing lately
 */
public record RatedNode(NodeInfo node, OptionalDouble speed) {}
