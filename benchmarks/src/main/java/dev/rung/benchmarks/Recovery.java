package dev.rung.benchmarks;
final class Recovery { static void run(Options o) {} }
