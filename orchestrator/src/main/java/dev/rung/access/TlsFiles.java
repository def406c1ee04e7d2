package dev.rung.access;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a server's keys are, each in PEM.
 *
 * @param certificate of the server, then those of whoever signed it, up to the root
 * @param key of the certificate, PKCS #8 without a password
 * @param clientAuthority certificates of whoever signs clients; empty: clients need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientAuthority) {}
