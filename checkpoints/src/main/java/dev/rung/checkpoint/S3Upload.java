package dev.rung.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * One object on its way into a bucket. It is to be seen only once it is complete; closed before
 * that, it is given up, and so are the parts that were sent.
 */
final class S3Upload extends OutputStream {
  /** S3 takes 10,000 parts of at least 5 MiB: with this size 78 GiB. */
  static final int PART_BYTES = 8 << 20;

  private static final int FIRST_BUFFER = 1 << 16;

  private final S3Client client;
  private final String bucket;
  private final String key;
  private final String place;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[FIRST_BUFFER];
  private int filled;
  private @Nullable String upload;

  S3Upload(S3Client client, String bucket, String key, String place) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.place = place;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (filled == PART_BYTES) {
        try {
          sendPart();
        } catch (SdkException e) {
          throw S3Faults.of(e, "expected to write a checkpoint at " + place);
        }
      }
      int now = Math.min(length - done, PART_BYTES - filled);
      reserve(filled + now);
      System.arraycopy(bytes, offset + done, buffer, filled, now);
      filled += now;
      done += now;
    }
  }

  private void reserve(int size) {
    if (size > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(PART_BYTES, Math.max(size, 2 * buffer.length)));
    }
  }

  private void sendPart() {
    if (upload == null) {
      upload = client.createMultipartUpload(create -> create.bucket(bucket).key(key)).uploadId();
    }
    String id = upload;
    int number = parts.size() + 1;
    UploadPartResponse sent =
        client.uploadPart(
            part -> part.bucket(bucket).key(key).uploadId(id).partNumber(number), body());
    parts.add(
        CompletedPart.builder()
            .partNumber(number)
            .eTag(sent.eTag())
            .checksumCRC32(sent.checksumCRC32())
            .build());
    filled = 0;
  }

  private RequestBody body() {
    return RequestBody.fromRemainingByteBuffer(ByteBuffer.wrap(buffer, 0, filled));
  }

  /**
   * Makes the object appear, whole.
   *
   * @return false: there is one already, which stays as it is
   */
  boolean complete() {
    try {
      if (upload == null) {
        client.putObject(put -> put.bucket(bucket).key(key).ifNoneMatch("*"), body());
      } else {
        sendPart();
        String id = upload;
        client.completeMultipartUpload(complete ->
            complete
                .bucket(bucket)
                .key(key)
                .uploadId(id)
                .ifNoneMatch("*")
                .multipartUpload(all -> all.parts(parts)));
        upload = null;
      }
      return true;
    } catch (AwsServiceException e) {
      if (e.statusCode() == 412) {
        return false;
      }
      throw e;
    }
  }

  /** Gives up what is not complete. */
  @Override
  public void close() {
    String id = upload;
    upload = null;
    if (id != null) {
      try {
        client.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(id));
      } catch (SdkException e) {
        // Nobody sees the parts; a rule of the bucket's life cycle removes them.
      }
    }
  }
}
