package dev.rung.access;

import dev.rung.proto.v1.AccessProto;
import dev.rung.proto.v1.Rule;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;

/** Reads the rule of an rpc from the protocol files, where it is declared. */
public final class Rules {
  private Rules() {}

  /** The rule of an rpc; RULE_UNSPECIFIED where it has none, and so may not be called. */
  public static Rule of(MethodDescriptor<?, ?> method) {
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
        ? schema.getMethodDescriptor().getOptions().getExtension(AccessProto.rule)
        : Rule.RULE_UNSPECIFIED;
  }
}
