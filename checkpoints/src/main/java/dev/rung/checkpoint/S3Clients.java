package dev.rung.checkpoint;

import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients as the SDK's own environment says: credentials, region, profile, endpoint. */
final class S3Clients {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private S3Clients() {}

  /**
   * A client. With an endpoint of one's own (AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, or the system
   * properties of the same meaning) buckets are part of the path, as most other stores need it, and
   * checksums are sent only where S3 demands them, which older ones do not know.
   */
  static S3Client fromEnvironment() {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE));
    if (hasOwnEndpoint()) {
      client
          .forcePathStyle(true)
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .region(region());
    }
    return client.build();
  }

  private static boolean hasOwnEndpoint() {
    return isSet("AWS_ENDPOINT_URL_S3", "aws.endpointUrlS3")
        || isSet("AWS_ENDPOINT_URL", "aws.endpointUrl");
  }

  private static boolean isSet(String variable, String property) {
    return System.getenv(variable) != null || System.getProperty(property) != null;
  }

  /** Other stores mostly have none, but it is part of every signature. */
  private static Region region() {
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      return Region.US_EAST_1;
    }
  }
}
