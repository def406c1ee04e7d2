package dev.rung.benchmarks;
final class DirectiveLatency { static void run(Options o) {} }
