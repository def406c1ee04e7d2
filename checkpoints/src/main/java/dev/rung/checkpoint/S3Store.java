package dev.rung.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Checkpoints as objects in a bucket of S3, or of anything that speaks it. A small one is one
 * upload; a large one goes in parts, of which one at a time is in memory, and nothing of them is to
 * be seen before the last. Both end with {@code If-None-Match: *}, so that an attempt that is not
 * valid any more writes over nothing.
 */
final class S3Store implements CheckpointStore {
  private final String base;
  private final String bucket;
  private final String prefix;
  private final Supplier<S3Client> clients;
  private @Nullable S3Client client;

  /**
   * A store.
   *
   * @param prefix of the keys, empty or with a slash at its end
   * @param clients makes the client when it is first needed, since that takes a second
   */
  S3Store(String base, String bucket, String prefix, Supplier<S3Client> clients) {
    this.base = base;
    this.bucket = bucket;
    this.prefix = prefix;
    this.clients = clients;
  }

  private synchronized S3Client client() {
    S3Client made = client;
    if (made == null) {
      made = clients.get();
      client = made;
    }
    return made;
  }

  @Override
  public String base() {
    return base;
  }

  @Override
  public Stored write(String place, Content content) throws IOException {
    String key = key(place);
    Stored stored;
    try (S3Upload upload = new S3Upload(client(), bucket, key, place)) {
      DigestedOutput digested = new DigestedOutput(upload);
      content.writeTo(digested);
      stored = digested.stored(place);
      if (!upload.complete()) {
        Taken.expect(this, stored);
      }
    } catch (SdkException e) {
      throw S3Faults.of(e, "expected to write a checkpoint at " + place);
    }
    return stored;
  }

  @Override
  public InputStream open(String place) throws IOException {
    String key = key(place);
    try {
      return new S3Input(client().getObject(get -> get.bucket(bucket).key(key)), place);
    } catch (SdkException e) {
      throw S3Faults.of(e, "expected to read the checkpoint at " + place);
    }
  }

  @Override
  public void delete(String place) throws IOException {
    String key = key(place);
    try {
      client().deleteObject(delete -> delete.bucket(bucket).key(key));
    } catch (SdkException e) {
      throw S3Faults.of(e, "expected to delete the checkpoint at " + place);
    }
  }

  @Override
  public List<String> list(String attempt) throws IOException {
    String first = key(Place.at(attempt, 1));
    String keys = first.substring(0, first.lastIndexOf('/') + 1);
    List<String> places = new ArrayList<>();
    try {
      for (S3Object object :
          client()
              .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(keys).delimiter("/"))
              .contents()) {
        places.add(attempt + object.key().substring(keys.length()));
      }
    } catch (SdkException e) {
      throw S3Faults.of(e, "expected to list the checkpoints at " + attempt);
    }
    places.sort(null);
    return places;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private String key(String place) {
    Place parts = Place.of(place);
    if (!parts.base().equals(base)) {
      throw new IllegalArgumentException(
          "expected a checkpoint below " + base + ", but got '" + place + "'");
    }
    return prefix + parts.key();
  }
}
