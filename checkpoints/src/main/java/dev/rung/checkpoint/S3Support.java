package dev.rung.checkpoint;

/**
 * Stands between {@link Stores} and the classes of the AWS SDK, which need not be there: only with
 * this class are they looked for.
 */
final class S3Support {
  private S3Support() {}

  /**
   * A store in a bucket.
   *
   * @throws IllegalArgumentException the AWS SDK is not on the class path
   */
  static CheckpointStore open(String base, String bucket, String prefix) {
    try {
      Class.forName(
          "software.amazon.awssdk.services.s3.S3Client", false, S3Support.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "expected software.amazon.awssdk:s3 and :url-connection-client on the class path for "
              + base
              + ", but they are not",
          e);
    }
    return new S3Store(base, bucket, prefix, S3Clients::fromEnvironment);
  }
}
