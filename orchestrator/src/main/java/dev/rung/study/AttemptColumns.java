package dev.rung.study;

import dev.rung.study.StudyEvent.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Attempts as columns. Texts and constants are indexes; -1 stands for none.
 *
 * @param flags 1: ended by the server; 2: released
 * @param orderKind -1: there is no order
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record AttemptColumns(
    int[] number,
    int[] node,
    long[] incarnation,
    int[] session,
    long[] offer,
    long[] leasedAt,
    long[] startStep,
    int[] rung,
    long[] milestone,
    long[] ackedSeq,
    long[] lastStep,
    long[] endedAt,
    int[] flags,
    int[] cause,
    int[] message,
    int[] verdict,
    int[] stopCause,
    long[] orderNumber,
    int[] orderKind,
    long[] orderMilestone,
    int[] orderReason,
    MetricColumns atLastStep) {
  private static final int BY_SERVER = 1;
  private static final int RELEASED = 2;
  private static final Order NO_ORDER = new Order(0, Order.Kind.CONTINUE, 0, "");

  static AttemptColumns of(List<Attempt> all, Texts texts) {
    return new AttemptColumns(
        ints(all, a -> a.number),
        ints(all, a -> texts.index(a.slot.node())),
        longs(all, a -> a.slot.incarnation()),
        ints(all, a -> texts.index(a.slot.session())),
        longs(all, a -> a.slot.offer()),
        longs(all, a -> a.leasedAt),
        longs(all, a -> a.startStep),
        ints(all, a -> a.rung),
        longs(all, a -> a.milestone),
        longs(all, a -> a.ackedSeq),
        longs(all, a -> a.lastStep),
        longs(all, a -> a.endedAt),
        ints(all, a -> (a.byServer ? BY_SERVER : 0) | (a.released ? RELEASED : 0)),
        ints(all, a -> texts.index(a.cause)),
        ints(all, a -> texts.index(a.message)),
        ints(all, a -> texts.index(a.verdict)),
        ints(all, a -> texts.index(a.stopCause)),
        longs(all, a -> order(a).number()),
        ints(all, a -> a.order == null ? Texts.NONE : texts.index(a.order.kind())),
        longs(all, a -> order(a).milestone()),
        ints(all, a -> texts.index(order(a).reason())),
        MetricColumns.of(all.stream().map(a -> a.atLastStep).toList(), texts));
  }

  List<Attempt> restore(List<String> texts) {
    List<Map<String, Double>> latest = atLastStep.restore(texts);
    List<Attempt> attempts = new ArrayList<>(number.length);
    for (int i = 0; i < number.length; i++) {
      Slot slot = new Slot(texts.get(node[i]), incarnation[i], texts.get(session[i]), offer[i]);
      Attempt attempt =
          new Attempt(number[i], slot, leasedAt[i], startStep[i], rung[i], milestone[i]);
      attempt.ackedSeq = ackedSeq[i];
      attempt.lastStep = lastStep[i];
      attempt.endedAt = endedAt[i];
      attempt.byServer = (flags[i] & BY_SERVER) != 0;
      attempt.released = (flags[i] & RELEASED) != 0;
      attempt.cause = constant(texts, cause[i], Cause::valueOf);
      attempt.message = texts.get(message[i]);
      attempt.verdict = constant(texts, verdict[i], Verdict::valueOf);
      attempt.stopCause = constant(texts, stopCause[i], Cause::valueOf);
      Order.@Nullable Kind kind = constant(texts, orderKind[i], Order.Kind::valueOf);
      attempt.order =
          kind == null
              ? null
              : new Order(orderNumber[i], kind, orderMilestone[i], texts.get(orderReason[i]));
      attempt.atLastStep.putAll(latest.get(i));
      attempts.add(attempt);
    }
    return attempts;
  }

  private static Order order(Attempt attempt) {
    return Objects.requireNonNullElse(attempt.order, NO_ORDER);
  }

  private static <E> @Nullable E constant(
      List<String> texts, int index, Function<String, E> valueOf) {
    return index == Texts.NONE ? null : valueOf.apply(texts.get(index));
  }

  private static int[] ints(List<Attempt> attempts, ToIntFunction<Attempt> column) {
    return attempts.stream().mapToInt(column).toArray();
  }

  private static long[] longs(List<Attempt> attempts, ToLongFunction<Attempt> column) {
    return attempts.stream().mapToLong(column).toArray();
  }
}
