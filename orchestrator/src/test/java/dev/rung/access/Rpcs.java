package dev.rung.access;

import dev.rung.proto.v1.StudyServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every rpc of the protocol, found in what was compiled from it. */
public final class Rpcs {
  private static final String END = "Grpc.class";
  private static final List<ServiceDescriptor> SERVICES = find();

  private Rpcs() {}

  /** Every service, whether a server has it or not. */
  public static List<ServiceDescriptor> services() {
    return SERVICES;
  }

  /** Every rpc of every service. */
  public static List<MethodDescriptor<?, ?>> all() {
    return SERVICES.stream()
        .<MethodDescriptor<?, ?>>flatMap(service -> service.getMethods().stream())
        .toList();
  }

  /** Looks where one of them is: in a folder of classes, or in a jar. */
  private static List<ServiceDescriptor> find() {
    try {
      URI place =
          StudyServiceGrpc.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path root = Path.of(place);
      if (Files.isDirectory(root)) {
        return find(root);
      }
      try (FileSystem jar = FileSystems.newFileSystem(root)) {
        return find(jar.getPath("/"));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ServiceDescriptor> find(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(END))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .map(Rpcs::descriptor)
          .toList();
    }
  }

  private static ServiceDescriptor descriptor(String type) {
    try {
      return (ServiceDescriptor) Class.forName(type).getMethod("getServiceDescriptor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("expected what gRPC generates in " + type, e);
    }
  }
}
