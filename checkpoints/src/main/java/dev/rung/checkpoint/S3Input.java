package dev.rung.checkpoint;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The content of an object, whose faults are a store's. */
final class S3Input extends FilterInputStream {
  private final ResponseInputStream<GetObjectResponse> object;
  private final String place;
  private boolean atEnd;

  S3Input(ResponseInputStream<GetObjectResponse> object, String place) {
    super(object);
    this.object = object;
    this.place = place;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int read = object.read(buffer, offset, length);
      atEnd |= read < 0;
      return read;
    } catch (SdkException | IOException e) {
      throw S3Faults.of(e, "expected to read the checkpoint at " + place);
    }
  }

  /** Does not read a long rest only to use the connection again. */
  @Override
  public void close() throws IOException {
    if (!atEnd) {
      object.abort();
    }
    object.close();
  }
}
