package dev.rung.checkpoint;

import dev.rung.checkpoint.CheckpointException.Fault;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What the SDK's exceptions mean. */
final class S3Faults {
  private S3Faults() {}

  static CheckpointException of(Exception e, String expected) {
    if (e instanceof CheckpointException known) {
      return known;
    }
    Fault fault = fault(e);
    String what = fault == Fault.MISSING ? "there is no object" : expected + ", but " + text(e);
    return new CheckpointException(fault, what, e);
  }

  private static Fault fault(Exception e) {
    if (!(e instanceof AwsServiceException service)) {
      return Fault.UNAVAILABLE;
    }
    return switch (service.statusCode()) {
      // A bucket that is not there says nothing of what was written.
      case 404 -> isNoBucket(service) ? Fault.UNAVAILABLE : Fault.MISSING;
      case 401, 403 -> Fault.DENIED;
      case 412 -> Fault.TAKEN;
      case 507 -> Fault.NO_SPACE;
      default -> isFull(service) ? Fault.NO_SPACE : Fault.UNAVAILABLE;
    };
  }

  private static boolean isNoBucket(AwsServiceException e) {
    return "NoSuchBucket".equals(code(e));
  }

  /** As MinIO and Ceph say it. */
  private static boolean isFull(AwsServiceException e) {
    String code = code(e);
    return code.equals("XMinioStorageFull")
        || code.equals("QuotaExceeded")
        || code.equals("XMinioAdminBucketQuotaExceeded");
  }

  private static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
