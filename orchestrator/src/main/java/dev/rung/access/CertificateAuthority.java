package dev.rung.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes certificates in a folder, with the keytool that every Java has:
 *
 * <pre>
 *   ca.crt      certificate of the authority, for everybody who calls the server
 *   ca.key      its key, which signs; the server does not need it
 *   server.crt  certificate of the server
 *   server.key  its key
 *   NAME.crt    certificate of a client
 *   NAME.key    its key
 * </pre>
 *
 * <p>Keys are readable by their owner only, and no command line has one.
 */
public final class CertificateAuthority {
  private static final String AUTHORITY = "ca";
  private static final String SERVER = "server";
  private static final String PASSWORD = "RUNG_STORE_PASSWORD";
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3_650);
  private static final Duration SERVER_LIFETIME = Duration.ofDays(365);
  private static final Duration CLIENT_LIFETIME = Duration.ofDays(365);

  /** Clocks of clients may be late. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final long KEYTOOL_SECONDS = 60;

  /** Names and addresses as keytool's -ext takes them, and nothing that would end its value. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*]([A-Za-z0-9.-]{0,252})");

  /** Names of clients, which become those of files. */
  private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

  private final Path folder;
  private final String password = Secret.random().text();

  /** An authority that is, or will be, in a folder. */
  public CertificateAuthority(Path folder) {
    this.folder = folder;
  }

  /** Whether there is one. */
  public boolean exists() {
    return Files.exists(certificate(AUTHORITY)) || Files.exists(key(AUTHORITY));
  }

  /** What there is already that making one anew would replace. */
  public List<Path> existing() {
    return List.of(certificate(AUTHORITY), key(AUTHORITY), certificate(SERVER), key(SERVER))
        .stream()
        .filter(Files::exists)
        .toList();
  }

  /** Certificate of the server. */
  public Path serverCertificate() {
    return certificate(SERVER);
  }

  /** Key of the server. */
  public Path serverKey() {
    return key(SERVER);
  }

  /** Certificate of the authority. */
  public Path authorityCertificate() {
    return certificate(AUTHORITY);
  }

  /**
   * Tells whether a certificate can be for hosts, before anything is made.
   *
   * @throws AccessException one is none
   */
  public static void check(Collection<String> hosts) {
    hosts.forEach(CertificateAuthority::subject);
  }

  /**
   * Makes the authority.
   *
   * @throws AccessException it cannot be made
   */
  public void create() {
    inTemporaryFolder(work -> {
      Files.createDirectories(folder);
      Path store = work.resolve("ca.p12");
      keytool(
          store,
          AUTHORITY,
          "-dname",
          "CN=Rung certificate authority",
          "-validity",
          Long.toString(AUTHORITY_LIFETIME.toDays()),
          "-ext",
          "bc:c=ca:true,pathlen:0",
          "-ext",
          "ku:c=keyCertSign,cRLSign");
      KeyStore made = load(store);
      writeKey(key(AUTHORITY), made.getKey(AUTHORITY, password.toCharArray()));
      writeCertificates(certificate(AUTHORITY), List.of(made.getCertificate(AUTHORITY)));
    });
  }

  /**
   * Makes a certificate of the server, in place of one that may be there: first the key, then the
   * certificate, and a server that runs takes both when they fit.
   *
   * @param hosts names and addresses that clients dial
   * @throws AccessException it cannot be made
   */
  public void certifyServer(Collection<String> hosts) {
    certifyServer(hosts, "-" + SKEW.toMinutes() + "M", SERVER_LIFETIME);
  }

  /**
   * The same for another time.
   *
   * @param start as keytool's -startdate
   */
  void certifyServer(Collection<String> hosts, String start, Duration lifetime) {
    String names =
        hosts.stream().map(CertificateAuthority::subject).collect(Collectors.joining(","));
    certify(
        SERVER,
        "CN=Rung server",
        start,
        lifetime,
        List.of("-ext", "san=" + names, "-ext", "eku=serverAuth"));
  }

  /**
   * Makes a certificate of a client, in place of one that may be there.
   *
   * @param name of the client, and of its files
   * @throws AccessException it cannot be made
   */
  public void certifyClient(String name) {
    checkClient(name);
    certify(
        name,
        "CN=" + name,
        "-" + SKEW.toMinutes() + "M",
        CLIENT_LIFETIME,
        List.of("-ext", "eku=clientAuth"));
  }

  /**
   * Tells whether a client can have a name, before anything is made.
   *
   * @throws AccessException it can not
   */
  public static void checkClient(String name) {
    boolean taken = Set.of(AUTHORITY, SERVER).contains(name.toLowerCase(Locale.ROOT));
    if (taken || !CLIENT.matcher(name).matches()) {
      throw new AccessException(
          "expected the name of a client as 1 to 64 of [A-Za-z0-9._-], not ca or server, but came "
              + name);
    }
  }

  /** Certificate of a client. */
  public Path clientCertificate(String name) {
    return certificate(name);
  }

  /** Key of a client. */
  public Path clientKey(String name) {
    return key(name);
  }

  private void certify(
      String name, String subject, String start, Duration lifetime, List<String> extensions) {
    inTemporaryFolder(work -> {
      Path store = work.resolve("keys.p12");
      store(store);
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-signer",
                  AUTHORITY,
                  "-dname",
                  subject,
                  "-startdate",
                  start,
                  "-validity",
                  Long.toString(lifetime.toDays()),
                  "-ext",
                  "ku:c=digitalSignature"));
      arguments.addAll(extensions);
      keytool(store, name, arguments.toArray(String[]::new));
      KeyStore made = load(store);
      writeKey(key(name), made.getKey(name, password.toCharArray()));
      writeCertificates(certificate(name), List.of(made.getCertificate(name)));
    });
  }

  /**
   * Names and addresses of the server's present certificate.
   *
   * @throws AccessException there is none
   */
  public List<String> hosts() {
    try {
      Collection<List<?>> names =
          Pem.certificates(certificate(SERVER)).get(0).getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (GeneralSecurityException e) {
      throw new AccessException("expected a certificate in " + certificate(SERVER), e);
    }
  }

  private static String subject(String host) {
    if (ADDRESS.matcher(host).matches()) {
      return "ip:" + host;
    }
    if (NAME.matcher(host).matches()) {
      return "dns:" + host.toLowerCase(Locale.ROOT);
    }
    throw new AccessException("expected the name or the address of a host, but came " + host);
  }

  /** Puts the authority's key and certificate where keytool finds them. */
  private void store(Path file) throws IOException, GeneralSecurityException {
    X509Certificate certificate = Pem.certificates(certificate(AUTHORITY)).get(0);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        AUTHORITY,
        Pem.key(key(AUTHORITY)),
        password.toCharArray(),
        new Certificate[] {certificate});
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password.toCharArray());
    }
  }

  private KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }

  /** Makes a key and its certificate in a store. */
  private void keytool(Path store, String alias, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                alias,
                "-keystore",
                store.toString(),
                "-storepass:env",
                PASSWORD));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(PASSWORD, password);
    Path said = store.resolveSibling("said");
    Process process = builder.redirectOutput(said.toFile()).start();
    try {
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AccessException("expected keytool to end, but it did not");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AccessException("keytool was interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new AccessException(
          "expected keytool to make a certificate, but it said: " + Files.readString(said).strip());
    }
  }

  /** Something that may fail as files and keys do. */
  private interface Work {
    void in(Path folder) throws IOException, GeneralSecurityException;
  }

  private static void inTemporaryFolder(Work work) {
    try {
      // Only its owner may look into it.
      Path folder = Files.createTempDirectory("rung-certs");
      try {
        work.in(folder);
      } finally {
        try (var files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new AccessException("expected to make certificates, but: " + e, e);
    }
  }

  private static void writeKey(Path file, Key key) throws IOException {
    write(file, pem("PRIVATE KEY", key.getEncoded()), true);
  }

  private static void writeCertificates(Path file, List<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (Certificate certificate : certificates) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    write(file, text.toString(), false);
  }

  private static void write(Path file, String text, boolean secret) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    if (secret) {
      PrivateFile.write(file, bytes);
    } else {
      PrivateFile.writePublic(file, bytes);
    }
  }

  private static String pem(String type, byte[] bytes) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(type, encoder.encodeToString(bytes), type);
  }

  private Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  private Path key(String name) {
    return folder.resolve(name + ".key");
  }
}
