package dev.rung.access;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/** Every rpc of the protocol, found in what was compiled from it. */
public final class Rpcs {
  private Rpcs() {}

  /** Every service, whether a server has it or not. */
  public static List<ServiceDescriptor> services() {
    List<ServiceDescriptor> services = new ArrayList<>();
    for (JavaClass type : new ClassFileImporter().importPackages("dev.rung.proto")) {
      if (type.getSimpleName().endsWith("Grpc")) {
        services.add(descriptor(type.reflect()));
      }
    }
    return services;
  }

  /** Every rpc of every service. */
  public static List<MethodDescriptor<?, ?>> all() {
    return services().stream()
        .<MethodDescriptor<?, ?>>flatMap(s -> s.getMethods().stream())
        .toList();
  }

  private static ServiceDescriptor descriptor(Class<?> type) {
    try {
      return (ServiceDescriptor) type.getMethod("getServiceDescriptor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("expected what gRPC generates in " + type, e);
    }
  }
}
