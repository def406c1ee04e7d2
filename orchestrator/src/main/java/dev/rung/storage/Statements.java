package dev.rung.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one transaction: each is prepared once, and the changes of one statement go to the
 * database together. Changes wait until there are many or {@link #execute} is called, and those of
 * different statements may change places, so none may need another that waits.
 */
final class Statements implements AutoCloseable {
  private static final int MOST_WAITING = 1_000;

  private final Connection connection;
  private final Map<String, PreparedStatement> changes = new LinkedHashMap<>();
  private final Map<String, PreparedStatement> queries = new LinkedHashMap<>();
  private int waiting;

  Statements(Connection connection) {
    this.connection = connection;
  }

  /** A change that may wait. */
  void change(String sql, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = prepared(changes, sql);
    Sql.bind(statement, arguments);
    statement.addBatch();
    if (++waiting >= MOST_WAITING) {
      execute();
    }
  }

  /** Makes all changes that wait. */
  void execute() throws SQLException {
    if (waiting > 0) {
      waiting = 0;
      for (PreparedStatement statement : changes.values()) {
        statement.executeBatch();
      }
    }
  }

  /** The first row that a query gives; it does not see changes that wait. */
  <T> Optional<T> first(String sql, Sql.Row<T> row, @Nullable Object... arguments)
      throws SQLException {
    PreparedStatement statement = prepared(queries, sql);
    Sql.bind(statement, arguments);
    return Sql.rows(statement, row).stream().findFirst();
  }

  private PreparedStatement prepared(Map<String, PreparedStatement> statements, String sql)
      throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Changes that still wait are lost. */
  @Override
  public void close() throws SQLException {
    for (var statements : List.of(changes, queries)) {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
    }
  }
}
