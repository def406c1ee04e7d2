package dev.rung.study;

import java.time.Duration;

/**
 * A study whose commands have not become durable for a while.
 *
 * @param cause what the journal said last; empty: nothing
 */
public record Trouble(String study, Duration lasting, String cause) {}
