package dev.rung.dl4j;

import dev.rung.trainer.Schedule;
import java.io.IOException;
import java.util.TreeMap;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.core.JsonGenerator;
import org.nd4j.shade.jackson.databind.JsonSerializer;
import org.nd4j.shade.jackson.databind.SerializerProvider;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;
import org.nd4j.shade.jackson.databind.jsontype.TypeSerializer;

/**
 * A schedule of a trial as Deeplearning4j has it, where a step of the study is an epoch: the value
 * while the epoch after the first {@code t} is trained is that at {@code t}. In a saved network it
 * is Deeplearning4j's own map of epochs to values.
 *
 * <pre>{@code
 * new Adam(new EpochSchedule(trial.schedule("learning_rate")))
 * }</pre>
 */
@JsonSerialize(using = EpochSchedule.AsMap.class)
public final class EpochSchedule implements ISchedule {
  private static final long serialVersionUID = 1L;

  /** Most values that are saved: those between are rounded down to the one before. */
  private static final int MOST_SAVED = 1_000;

  private final transient Schedule schedule;

  /** The values of a schedule. */
  public EpochSchedule(Schedule schedule) {
    this.schedule = schedule;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return schedule.at(epoch);
  }

  @Override
  public ISchedule clone() {
    return new EpochSchedule(schedule);
  }

  /** Up to the last step at which a value changes. */
  private MapSchedule map() {
    double last =
        schedule.coefficients().entrySet().stream()
            .filter(c -> c.getKey().equals("total") || c.getKey().startsWith("at_"))
            .mapToDouble(c -> c.getValue())
            .max()
            .orElse(0);
    TreeMap<Integer, Double> values = new TreeMap<>();
    int stride = (int) Math.ceil(Math.max(1, last / MOST_SAVED));
    for (int epoch = 0; epoch < last; epoch += stride) {
      values.put(epoch, schedule.at(epoch));
    }
    values.put((int) last, schedule.at(last));
    return new MapSchedule(ScheduleType.EPOCH, values);
  }

  /** Writes the class that others know. */
  static final class AsMap extends JsonSerializer<EpochSchedule> {
    @Override
    public void serialize(EpochSchedule value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(value.map(), out);
    }

    @Override
    public void serializeWithType(
        EpochSchedule value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      provider
          .findTypedValueSerializer(MapSchedule.class, false, null)
          .serialize(value.map(), out, provider);
    }
  }
}
