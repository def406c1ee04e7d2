package dev.rung.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/**
 * Takes connections out of the pool whose database is closed. After a write that failed, as on a
 * full disk, H2 closes a database under its connections, which go on saying that they are valid; a
 * new connection opens it again.
 */
final class EvictClosed implements SQLExceptionOverride {
  @java.lang.Override
  public SQLExceptionOverride.Override adjudicate(SQLException e) {
    return e.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED
        ? SQLExceptionOverride.Override.MUST_EVICT
        : SQLExceptionOverride.Override.CONTINUE_EVICT;
  }
}
