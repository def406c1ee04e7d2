package dev.rung.cli;

import dev.rung.access.AccessException;
import dev.rung.access.CertificateAuthority;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes certificates for a server that is none of a company's own. */
final class CertsInit implements Callable<Integer> {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

  private final Console console;

  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder for certificates and keys; default rung-certs in this folder.")
  private Path folder = Path.of("rung-certs");

  @Option(
      names = "--host",
      paramLabel = "NAME_OR_IP",
      arity = "1..*",
      description = "What clients dial; localhost always is. Default this host's name.")
  private List<String> hosts = List.of();

  @Option(
      names = "--renew",
      description = "A new certificate of the server, by the authority that is there.")
  private boolean renew;

  CertsInit(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CertificateAuthority authority = new CertificateAuthority(folder);
    try {
      Set<String> names = new LinkedHashSet<>();
      if (renew) {
        if (!authority.exists()) {
          throw new Failure(
              Failure.NOT_FOUND, "expected an authority to renew by in %s".formatted(folder));
        }
        names.addAll(hosts.isEmpty() ? authority.hosts() : hosts);
      } else {
        List<Path> existing = authority.existing();
        if (!existing.isEmpty()) {
          throw new Failure(
              Failure.CONFLICT,
              "expected a folder without certificates, but there is %s: --renew makes a new"
                      .formatted(existing.get(0))
                  + " certificate of the server by the same authority");
        }
        names.addAll(hosts.isEmpty() ? ownName() : hosts);
      }
      names.addAll(LOOPBACK);
      CertificateAuthority.check(names);
      if (!renew) {
        authority.create();
      }
      authority.certifyServer(names);
      print(authority);
      return 0;
    } catch (AccessException e) {
      throw new Failure(Failure.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private void print(CertificateAuthority authority) {
    if (output.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("ca", authority.authorityCertificate().toString());
      json.put("certificate", authority.serverCertificate().toString());
      json.put("key", authority.serverKey().toString());
      json.put("hosts", authority.hosts());
      console.printJson(json);
    } else {
      console.print(
          List.of(
              "server: --tls-cert %s --tls-key %s"
                  .formatted(authority.serverCertificate(), authority.serverKey()),
              "everybody who calls it: --ca " + authority.authorityCertificate(),
              "it may be dialled as " + String.join(", ", authority.hosts())));
    }
  }

  private static List<String> ownName() {
    try {
      return List.of(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
