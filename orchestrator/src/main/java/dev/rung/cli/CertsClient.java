package dev.rung.cli;

import dev.rung.access.AccessException;
import dev.rung.access.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a certificate for whoever calls a server that takes only clients with one. */
final class CertsClient implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(
      paramLabel = "NAME",
      description = "Whose it is; its files are NAME.crt and NAME.key.")
  private String name = "";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder of the authority; default rung-certs in this folder.")
  private Path folder = Path.of("rung-certs");

  @Option(names = "--renew", description = "A new certificate in place of the one that is there.")
  private boolean renew;

  CertsClient(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CertificateAuthority authority = new CertificateAuthority(folder);
    try {
      CertificateAuthority.checkClient(name);
    } catch (AccessException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
    if (!authority.exists()) {
      throw new Failure(
          Failure.NOT_FOUND,
          "expected an authority in %s: `rung certs init` makes one".formatted(folder));
    }
    for (Path file : List.of(authority.clientCertificate(name), authority.clientKey(name))) {
      if (!renew && Files.exists(file)) {
        throw new Failure(
            Failure.CONFLICT,
            "expected no certificate of %s, but there is %s: --renew makes a new one"
                .formatted(name, file));
      }
    }
    try {
      authority.certifyClient(name);
    } catch (AccessException e) {
      throw new Failure(Failure.FAILED, String.valueOf(e.getMessage()));
    }
    print(authority);
    return 0;
  }

  private void print(CertificateAuthority authority) {
    Path certificate = authority.clientCertificate(name);
    Path key = authority.clientKey(name);
    if (output.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("certificate", certificate.toString());
      json.put("key", key.toString());
      console.printJson(json);
    } else {
      console.print(
          List.of(
              "%s: --cert %s --cert-key %s".formatted(name, certificate, key),
              "server: --client-ca " + authority.authorityCertificate()));
    }
  }
}
