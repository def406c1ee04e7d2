package dev.rung.access;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads certificates and keys from PEM files. No message has what is in a key. */
public final class Pem {
  private static final long MOST_BYTES = 1 << 20;

  private Pem() {}

  /**
   * The certificates of a file, at least one.
   *
   * @throws AccessException there is none
   */
  public static List<X509Certificate> certificates(Path file) {
    try (InputStream in = open(file)) {
      X509Certificate[] certificates = CertificateUtils.getX509Certificates(in);
      if (certificates.length > 0) {
        return List.of(certificates);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new AccessException(
          "expected certificates in PEM in %s, but: %s".formatted(file, e.getMessage()), e);
    }
    throw new AccessException(
        "expected certificates in PEM in %s, but it has none".formatted(file));
  }

  /**
   * The private key of a file.
   *
   * @throws AccessException there is none
   */
  public static PrivateKey key(Path file) {
    try (InputStream in = open(file)) {
      return CertificateUtils.getPrivateKey(in);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // What a parser says of a key may have parts of it.
      throw new AccessException(
          "expected a private key in PEM (PKCS #8, no password) in %s, but came %s"
              .formatted(file, e instanceof IOException ? e.toString() : "something else"));
    }
  }

  /** Whether a key is the one of a certificate. */
  public static boolean belongs(PrivateKey key, X509Certificate certificate) {
    PublicKey publicKey = certificate.getPublicKey();
    byte[] text = {1};
    try {
      Signature signature =
          Signature.getInstance(
              switch (publicKey.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> publicKey.getAlgorithm();
              });
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static InputStream open(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it has %,d bytes".formatted(Files.size(file)));
    }
    return new ByteArrayInputStream(Files.readAllBytes(file));
  }
}
