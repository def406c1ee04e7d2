package dev.rung.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements with their arguments, which are always bound and never part of the text. */
final class Sql {
  private Sql() {}

  /** Makes something of a row. */
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Changes rows and says how many. */
  static int update(Connection connection, String sql, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      return statement.executeUpdate();
    }
  }

  /** Every row that a query gives. */
  static <T> List<T> query(
      Connection connection, String sql, Row<T> row, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      return rows(statement, row);
    }
  }

  /** Every row that a query with its arguments gives. */
  static <T> List<T> rows(PreparedStatement statement, Row<T> row) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(row.read(rows));
      }
      return result;
    }
  }

  /** The first row that a query gives. */
  static <T> Optional<T> first(
      Connection connection, String sql, Row<T> row, @Nullable Object... arguments)
      throws SQLException {
    return query(connection, sql, row, arguments).stream().findFirst();
  }

  static void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      // PostgreSQL has no text with a NUL in it, and trainers may send one.
      statement.setObject(
          i + 1, argument instanceof String text ? text.replace('\0', '\uFFFD') : argument);
    }
  }

  /**
   * A number whose order is that of {@link Double#compare}, so that a column of them sorts as
   * values do and gives back every bit, which floating-point columns do not (-0.0, NaN).
   */
  static long order(double value) {
    return turn(Double.doubleToLongBits(value));
  }

  /** The value of an {@link #order}. */
  static double value(long order) {
    return Double.longBitsToDouble(turn(order));
  }

  /** The bits of negative values fall where the values rise: all but the sign are turned. */
  private static long turn(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
