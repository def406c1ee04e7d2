package dev.rung.benchmarks.races;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Mean regret over time of some contenders, on a logarithmic scale, as SVG. */
final class RacePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final int LEFT = 60;
  private static final int BOTTOM = 40;
  private static final int LEGEND = 260;
  private static final double LOWEST = 0.001;
  private static final List<String> COLOURS =
      List.of("#1b6", "#06c", "#c40", "#909", "#666", "#a80", "#0aa", "#e4a", "#444", "#8c0");

  private final List<RaceTable> tables;
  private final Map<String, Map<String, List<Course>>> courses;

  RacePlot(List<RaceTable> tables, Map<String, Map<String, List<Course>>> courses) {
    this.tables = tables;
    this.courses = courses;
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            .formatted(WIDTH, HEIGHT));
    svg.append(" font-size=\"12\">\n<title>Mean regret over time</title>\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    for (int tenth = 0; tenth <= Contender.LENGTH; tenth++) {
      svg.append(
          "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%d R</text>%n"
              .formatted(x(tenth), HEIGHT - 18, tenth));
    }
    for (double regret = LOWEST; regret <= 1.001; regret *= 10) {
      svg.append(
          "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%.3f</text>%n"
              .formatted(LEFT - 6, y(regret) + 4, regret));
      svg.append(
          "<path d=\"M%d %.1fH%.1f\" stroke=\"#ddd\"/>%n"
              .formatted(LEFT, y(regret), x(Contender.LENGTH)));
    }
    int line = 0;
    for (String name : courses.keySet()) {
      curve(svg, name, line++);
    }
    return svg.append("</svg>\n").toString();
  }

  private void curve(StringBuilder svg, String name, int line) {
    String colour = COLOURS.get(line % COLOURS.size());
    String dash = line < COLOURS.size() ? "" : line < 2 * COLOURS.size() ? "6 3" : "2 3";
    StringBuilder path = new StringBuilder();
    for (int i = 1; i <= 100; i++) {
      double time = Contender.LENGTH * i / 100.0;
      double regret = regret(name, time);
      if (Double.isFinite(regret)) {
        path.append(path.isEmpty() ? "M" : "L");
        path.append("%.1f %.1f".formatted(x(time), y(regret)));
      }
    }
    svg.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" stroke-dasharray=\"%s\"/>%n"
            .formatted(path, colour, dash));
    double y = 20 + line * 14.0;
    double x = WIDTH - LEGEND + 14.0;
    svg.append(
        "<path d=\"M%.0f %.0fh22\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>%n"
            .formatted(x, y, colour, dash));
    svg.append("<text x=\"%.0f\" y=\"%.0f\">%s</text>%n".formatted(x + 28, y + 4, name));
  }

  private double regret(String name, double time) {
    double sum = 0;
    int count = 0;
    Map<String, List<Course>> own = Objects.requireNonNull(courses.get(name));
    for (RaceTable table : tables) {
      for (Course course : Objects.requireNonNull(own.get(table.name()))) {
        sum += table.regret(course.at(time * table.full()));
        count++;
      }
    }
    return sum / count;
  }

  private static double x(double time) {
    return LEFT + time / Contender.LENGTH * (WIDTH - LEFT - LEGEND);
  }

  private static double y(double regret) {
    double share = Math.log(Math.max(regret, LOWEST) / LOWEST) / Math.log(1 / LOWEST);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 20);
  }
}
