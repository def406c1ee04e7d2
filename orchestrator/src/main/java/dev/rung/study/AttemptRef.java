package dev.rung.study;

/**
 * Names an attempt within a study.
 *
 * @param trial from 1
 * @param attempt from 1; the fencing token
 */
public record AttemptRef(int trial, int attempt) {}
