package dev.rung.storage;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.db.EagerSlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickDatabaseProvider;
import scala.Option;
import slick.jdbc.H2Profile$;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcBackend$;
import slick.jdbc.PostgresProfile$;
import slick.util.AsyncExecutor$;

/**
 * Gives the journal the system's {@link Database}; named in storage.conf, made by reflection, one a
 * system.
 */
public final class Db implements SlickDatabaseProvider {
  /** Statements that may wait for a connection. */
  private static final int QUEUE = 1000;

  private final SlickDatabase slick;

  /** The system must have been created with {@link Database#setup}. */
  public Db(ActorSystem system) {
    Database database =
        system
            .settings()
            .setup()
            .get(Database.InSystem.class)
            .orElseThrow(() ->
                new IllegalStateException(
                    "expected an actor system created with Database.setup(), but came "
                        + system.name()))
            .database;
    // As many threads as connections: with fewer connections Slick may deadlock.
    int size = database.size();
    JdbcBackend.JdbcDatabaseDef executor =
        JdbcBackend$.MODULE$
            .Database()
            .forDataSource(
                database.dataSource(),
                Option.apply(size),
                AsyncExecutor$.MODULE$.apply("journal", size, size, QUEUE, size),
                false);
    system.registerOnTermination(executor::close); // which closes the pool too
    slick =
        new EagerSlickDatabase(
            executor, database.isPostgres() ? PostgresProfile$.MODULE$ : H2Profile$.MODULE$);
  }

  @Override
  public SlickDatabase database(Config config) {
    return slick;
  }
}
