package dev.rung.space;

/**
 * What must hold for a parameter to be active. A parameter with several needs all of them.
 *
 * @param parameter the name of the one that depends
 * @param when what must hold
 */
public record Condition(String parameter, Expression when) {}
