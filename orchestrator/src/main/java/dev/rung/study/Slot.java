package dev.rung.study;

/**
 * An offered slot of a node.
 *
 * @param node name of the node
 * @param incarnation of the node's process
 * @param session epoch of the session that offered it; no two sessions share one
 * @param offer number of the offer within the session
 */
public record Slot(String node, long incarnation, String session, long offer) {}
