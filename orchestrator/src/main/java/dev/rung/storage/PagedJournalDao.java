package dev.rung.storage;

import dev.rung.study.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.PekkoSerialization$;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Try;
import slick.dbio.DBIOAction;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import slick.jdbc.SimpleJdbcAction;

/**
 * The journal, read in the order of the whole of its primary key; named in storage.conf, made by
 * reflection. The queries that it replaces order by the sequence number alone, for which H2 reads
 * and sorts all the rest of a journal for each page.
 */
public final class PagedJournalDao extends DefaultJournalDao {
  private static final String PAGE =
      "select ordering, deleted, persistence_id, sequence_number, writer, write_timestamp,"
          + " adapter_manifest, event_payload, event_ser_id, event_ser_manifest, meta_payload,"
          + " meta_ser_id, meta_ser_manifest from event_journal"
          + " where persistence_id = ? and sequence_number >= ? and sequence_number <= ?"
          + " order by persistence_id, sequence_number limit ?";

  private final Serialization serialization;

  /** As the journal plugin makes it. */
  public PagedJournalDao(
      JdbcBackend.JdbcDatabaseDef db,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(db, profile, config, serialization, executor, materializer);
    this.serialization = serialization;
  }

  @Override
  public Future<Object> highestSequenceNr(String persistenceId, long from) {
    return run(connection -> Journal.lastOf(connection, persistenceId));
  }

  @Override
  public org.apache.pekko.stream.scaladsl.Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed>
      messages(String persistenceId, long from, long to, long most) {
    Future<List<JournalPekkoSerializationRow>> page =
        run(connection ->
            Sql.query(connection, PAGE, PagedJournalDao::row, persistenceId, from, to, most));
    return Source.completionStage(FutureConverters.asJava(page))
        .mapConcat(rows -> rows)
        .map(row -> PekkoSerialization$.MODULE$.fromRow(serialization, row))
        .asScala();
  }

  // Scala's variance, by which an action of any effect may be run, is not visible to Java.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private <T> Future<T> run(Database.Work<T> work) {
    DBIOAction action = new SimpleJdbcAction<T>(context -> read(context.connection(), work));
    return (Future<T>) db().run(action);
  }

  private static <T> T read(Connection connection, Database.Work<T> work) {
    try {
      return work.in(connection);
    } catch (SQLException e) {
      throw new StorageException(ErrorCode.UNAVAILABLE, "the journal cannot be read: " + e, e);
    }
  }

  private static JournalPekkoSerializationRow row(ResultSet row) throws SQLException {
    return new JournalPekkoSerializationRow(
        row.getLong(1),
        row.getBoolean(2),
        row.getString(3),
        row.getLong(4),
        row.getString(5),
        row.getLong(6),
        row.getString(7),
        row.getBytes(8),
        row.getInt(9),
        row.getString(10),
        Option.apply(row.getBytes(11)),
        Option.apply(row.getObject(12)),
        Option.apply(row.getString(13)));
  }
}
