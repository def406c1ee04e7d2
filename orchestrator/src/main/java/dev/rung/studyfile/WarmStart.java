package dev.rung.studyfile;

/**
 * An earlier study whose best trials a new one begins with.
 *
 * @param study its id, the start of its id, or its name
 * @param trials number of its best assignments to begin with
 * @param narrow whether ranges are narrowed to what its best trials lie within
 */
public record WarmStart(String study, int trials, boolean narrow) {}
