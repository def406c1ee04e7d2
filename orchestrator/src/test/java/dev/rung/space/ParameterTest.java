package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {
  private static final int DRAWS = 12_000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReachTheBoundsOfAFloatExactly(boolean log) {
    var p = new FloatParameter("lr", 1e-4, 0.7, log, 0);
    assertThat(p.decode(0)).isEqualTo(new DoubleValue(1e-4));
    assertThat(p.decode(1)).isEqualTo(new DoubleValue(0.7));
    assertThat(p.coordinate(new DoubleValue(1e-4))).isZero();
    assertThat(p.coordinate(new DoubleValue(0.7))).isEqualTo(1);
  }

  @Test
  void shouldPutTheGeometricMeanInTheMiddleOfALogScale() {
    var p = new FloatParameter("lr", 1e-4, 1, true, 0);
    assertThat(((DoubleValue) p.decode(0.5)).value()).isCloseTo(1e-2, offset(1e-16));
    assertThat(p.coordinate(new DoubleValue(1e-3))).isCloseTo(0.25, offset(1e-15));
  }

  @Test
  void shouldPutTheMeanInTheMiddleOfALinearScale() {
    var p = new FloatParameter("momentum", -1, 3, false, 0);
    assertThat(p.decode(0.5)).isEqualTo(new DoubleValue(1));
    assertThat(p.decode(0.25)).isEqualTo(new DoubleValue(0));
    assertThat(p.coordinate(new DoubleValue(2))).isEqualTo(0.75);
  }

  /** Wide, narrow, around zero, far from zero, tiny, huge. */
  @ParameterizedTest
  @CsvSource({
    "0.03, 51, true",
    "1e-300, 1e300, true",
    "0.999999, 1, true",
    "0.03, 51, false",
    "-1, 1, false",
    "1000, 1010, false",
    "-1e308, 5e307, false",
    "1, 1.00000000000001, false",
    "1e-300, 3e-300, false",
  })
  void shouldComeBackToTheSameFloat(double min, double max, boolean log) {
    var p = new FloatParameter("x", min, max, log, 0);
    KeyedRandom random = KeyedRandom.stream(1, "float", 0);
    for (int i = 0; i < 3_000; i++) {
      Value x = p.decode(random.nextDouble());
      assertThat(p.decode(p.coordinate(x))).isEqualTo(x);
      assertThat(((DoubleValue) x).value()).isBetween(min, max);
    }
  }

  @Test
  void shouldComeBackToWhatAPersonWrites() {
    var log = new FloatParameter("lr", 1e-5, 1, true, 0);
    var linear = new FloatParameter("x", -1, 1_000, false, 0);
    for (double x : new double[] {0.3, 0.001, 3e-4, 0.05, 0.123456789}) {
      assertThat(log.decode(log.coordinate(new DoubleValue(x)))).isEqualTo(new DoubleValue(x));
      assertThat(linear.decode(linear.coordinate(new DoubleValue(x))))
          .isEqualTo(new DoubleValue(x));
    }
  }

  /** 10^-8.5 is 3.16227766017e-9. */
  @Test
  void shouldGiveValuesOfTwelveDigits() {
    assertThat(new FloatParameter("x", 0, 1, false, 0).decode(1 / 3.0))
        .isEqualTo(new DoubleValue(0.333333333333));
    assertThat(new FloatParameter("x", 0, 3_000, false, 0).decode(1 / 9.0))
        .isEqualTo(new DoubleValue(333.333333333));
    assertThat(new FloatParameter("x", 1e-9, 1, true, 0).decode(1 / 18.0))
        .isEqualTo(new DoubleValue(3.16227766017e-9));
  }

  @Test
  void shouldStepFloatsInDecimal() {
    var p = new FloatParameter("dropout", 0, 0.7, false, 0.1);
    assertThat(decoded(p, 8)).isEqualTo(doubles(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7));
    assertThat(p.decode(1)).isEqualTo(new DoubleValue(0.7));
  }

  /** The last step below max is the last value: 0.25 + 2 * 0.3 = 0.85 <= 1 < 1.15. */
  @Test
  void shouldEndAtTheLastStepBelowMax() {
    var p = new FloatParameter("x", 0.25, 1, false, 0.3);
    assertThat(decoded(p, 3)).isEqualTo(doubles(0.25, 0.55, 0.85));
  }

  @Test
  void shouldKeepEveryDigitOfTheFirstStep() {
    double min = 0.123456789012345;
    var p = new FloatParameter("x", min, 1, false, 0.25);
    assertThat(decoded(p, 4))
        .isEqualTo(doubles(min, 0.373456789012345, 0.623456789012345, 0.873456789012345));
    assertThat(p.decode(p.coordinate(new DoubleValue(min)))).isEqualTo(new DoubleValue(min));
  }

  @Test
  void shouldNotStepOverMaxWhenItIsJustBelowAStep() {
    var p = new FloatParameter("x", 0, 0.9999999999, false, 1);
    assertThat(p.decode(1)).isEqualTo(new DoubleValue(0));
  }

  @Test
  void shouldTakeAWholeNumberForAFloat() {
    assertThat(new FloatParameter("x", 0, 4, false, 0).coordinate(new IntValue(3))).isEqualTo(0.75);
  }

  @Test
  void shouldHoldOneValueWhenMinIsMax() {
    assertThat(new FloatParameter("x", 3, 3, false, 0).decode(0.3)).isEqualTo(new DoubleValue(3));
    assertThat(new FloatParameter("x", 3, 3, true, 0).coordinate(new DoubleValue(3)))
        .isEqualTo(0.5);
    assertThat(new FloatParameter("x", 3, 3, false, 2).decode(0.9)).isEqualTo(new DoubleValue(3));
    assertThat(new IntParameter("n", 3, 3, false, 1).decode(0.9)).isEqualTo(new IntValue(3));
    assertThat(new IntParameter("n", 3, 3, true, 1).decode(0.9)).isEqualTo(new IntValue(3));
  }

  @Test
  void shouldReachEveryIntOfAStep() {
    var p = new IntParameter("hidden", 16, 256, false, 16);
    List<Value> steps =
        LongStream.rangeClosed(1, 16).mapToObj(i -> (Value) new IntValue(16 * i)).toList();
    assertThat(decoded(p, 16)).isEqualTo(steps);
    assertThat(p.decode(0)).isEqualTo(new IntValue(16));
    assertThat(p.decode(1)).isEqualTo(new IntValue(256));
  }

  @Test
  void shouldEndAtTheLastIntBelowMax() {
    assertThat(decoded(new IntParameter("n", -5, 6, false, 4), 3))
        .isEqualTo(List.<Value>of(new IntValue(-5), new IntValue(-1), new IntValue(3)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 10, 1_000})
  void shouldComeBackToEveryIntOfALogScale(long min) {
    var p = new IntParameter("n", min, 4_096, true, 1);
    for (long n = min; n <= 4_096; n++) {
      assertThat(p.decode(p.coordinate(new IntValue(n)))).isEqualTo(new IntValue(n));
    }
    assertThat(p.decode(0)).isEqualTo(new IntValue(min));
    assertThat(p.decode(1)).isEqualTo(new IntValue(4_096));
  }

  /** Of ln(8.5 / 0.5), 1 takes ln(1.5 / 0.5): 38.8 %; 8 takes ln(8.5 / 7.5): 4.4 %. */
  @Test
  void shouldDrawIntsOfALogScaleByTheirShareOfIt() {
    Map<Value, Integer> counts = counts(new IntParameter("n", 1, 8, true, 1));
    double all = Math.log(8.5 / 0.5);
    for (int n = 1; n <= 8; n++) {
      double share = Math.log((n + 0.5) / (n - 0.5)) / all;
      assertThat(counts.getOrDefault(new IntValue(n), 0).doubleValue())
          .isBetween(DRAWS * share - margin(share), DRAWS * share + margin(share));
    }
  }

  /** Of 12,000 draws each of 4 equal shares gets 3,000, 5 standard deviations are 237. */
  @Test
  void shouldDrawEveryKindEvenly() {
    assertEven(new IntParameter("n", 1, 4, false, 1), 4);
    assertEven(new FloatParameter("x", 0, 0.3, false, 0.1), 4);
    assertEven(
        new CategoricalParameter(
            "c", List.of(new StringValue("a"), new IntValue(1), text("c"), text("d"))),
        4);
    assertEven(new BooleanParameter("b"), 2);
  }

  @Test
  void shouldDrawFloatsOfALogScaleEvenlyByDecade() {
    var p = new FloatParameter("lr", 1e-4, 1, true, 0);
    Map<Long, Integer> decades = new TreeMap<>();
    for (Map.Entry<Value, Integer> e : counts(p).entrySet()) {
      double value = ((DoubleValue) e.getKey()).value();
      decades.merge((long) Math.floor(Math.log10(value)), e.getValue(), Integer::sum);
    }
    assertThat(decades.keySet()).containsExactly(-4L, -3L, -2L, -1L);
    assertThat(decades.values()).allSatisfy(n -> assertThat(n).isBetween(2_763, 3_237));
  }

  @Test
  void shouldComeBackToEveryCategory() {
    var p = new CategoricalParameter("c", List.of(new IntValue(1), new DoubleValue(1), text("1")));
    assertThat(decoded(p, 3)).isEqualTo(p.values());
    assertThat(p.decode(0)).isEqualTo(new IntValue(1));
    assertThat(p.decode(1)).isEqualTo(text("1"));
  }

  @Test
  void shouldKeepTheOrderOfAnOrdinal() {
    var p = new OrdinalParameter("size", List.of(text("small"), new IntValue(4), text("large")));
    assertThat(decoded(p, 3)).isEqualTo(p.values());
    assertThat(p.dimension()).isEqualTo(new Dimension("size", Dimension.Kind.ORDERED, 3));
    assertForeign(p, text("medium"));
  }

  @Test
  void shouldGiveAConstantNoCoordinate() {
    var p = new ConstantParameter("seed", new IntValue(7));
    assertThat(p.dimensions()).isEmpty();
    assertThat(p.decode(new double[0])).isEqualTo(new IntValue(7));
    assertThat(p.encode(new IntValue(7))).isEmpty();
    assertThatThrownBy(() -> p.encode(new IntValue(8)))
        .hasMessage(
            "expected a value of ConstantParameter[name=seed, value=IntValue[value=7]],"
                + " but came 8");
  }

  @Test
  void shouldTellAModelHowPointsAreRelated() {
    Dimension.Kind ordered = Dimension.Kind.ORDERED;
    Dimension.Kind unordered = Dimension.Kind.UNORDERED;
    assertThat(new FloatParameter("x", 0, 1, true, 0).dimensions())
        .containsExactly(new Dimension("x", ordered, 0));
    assertThat(new FloatParameter("x", 0, 1, false, 0.25).dimensions())
        .containsExactly(new Dimension("x", ordered, 5));
    assertThat(new IntParameter("n", 1, 9, false, 2).dimensions())
        .containsExactly(new Dimension("n", ordered, 5));
    assertThat(new IntParameter("n", 1, 9, true, 1).dimensions())
        .containsExactly(new Dimension("n", ordered, 0));
    assertThat(new CategoricalParameter("c", List.of(text("a"), text("b"))).dimensions())
        .containsExactly(new Dimension("c", unordered, 2));
    assertThat(new BooleanParameter("b").dimensions())
        .containsExactly(new Dimension("b", unordered, 2));
  }

  @Test
  void shouldReadAWholeNumberAsAFloat() {
    assertThat(new FloatParameter("x", 0, 4, false, 0).read(new IntValue(3)))
        .isEqualTo(new DoubleValue(3));
    assertThat(new FloatParameter("x", 0, 4, false, 0).read(new DoubleValue(0.5)))
        .isEqualTo(new DoubleValue(0.5));
    assertThat(new IntParameter("n", 0, 4, false, 1).read(new IntValue(3)))
        .isEqualTo(new IntValue(3));
    assertThatThrownBy(() -> new IntParameter("n", 0, 4, false, 1).read(new IntValue(5)))
        .hasMessageContaining("name=n");
    assertThatThrownBy(() -> new FloatParameter("x", 0, 4, false, 0).read(new IntValue(5)))
        .hasMessageContaining("name=x");
  }

  /** Up to 10^12 each, above it those of 12 digits: 2^53 is 9007199254740992. */
  @Test
  void shouldComeBackToLargeIntsOfALogScale() {
    var p = new IntParameter("n", 1, 1L << 53, true, 1);
    KeyedRandom random = KeyedRandom.stream(2, "large", 0);
    for (int i = 0; i < 10_000; i++) {
      Value n = p.decode(random.nextDouble());
      assertThat(p.decode(p.coordinate(n))).isEqualTo(n);
    }
    assertThat(p.decode(1)).isEqualTo(new IntValue(1L << 53));
    assertThat(p.decode(p.coordinate(new IntValue(999_999_999_999L))))
        .isEqualTo(new IntValue(999_999_999_999L));
  }

  @Test
  void shouldComeBackToABoolean() {
    var p = new BooleanParameter("b");
    assertThat(decoded(p, 2)).isEqualTo(List.<Value>of(new BoolValue(false), new BoolValue(true)));
    assertThat(p.decode(0.5)).isEqualTo(new BoolValue(true));
  }

  @Test
  void shouldRefuseAValueOfAnotherParameter() {
    assertForeign(new FloatParameter("x", 0, 1, false, 0), new DoubleValue(1.5));
    assertForeign(new FloatParameter("x", 0, 1, false, 0), new DoubleValue(-0.5));
    assertForeign(new FloatParameter("x", 0, 1, false, 0), new StringValue("1"));
    assertForeign(new FloatParameter("x", 0, 1, false, 0.25), new DoubleValue(0.3));
    assertForeign(new IntParameter("n", 1, 9, false, 2), new IntValue(4));
    assertForeign(new IntParameter("n", 1, 9, false, 1), new IntValue(0));
    assertForeign(new IntParameter("n", 1, 9, false, 1), new IntValue(10));
    assertForeign(new IntParameter("n", 1, 9, false, 1), new DoubleValue(4));
    assertForeign(new CategoricalParameter("c", List.of(text("a"))), text("b"));
    assertForeign(new BooleanParameter("b"), new IntValue(1));
  }

  @Test
  void shouldSayWhichValueWasForeign() {
    assertThatThrownBy(() -> new BooleanParameter("b").coordinate(new IntValue(1)))
        .hasMessage("expected a value of BooleanParameter[name=b], but came 1");
  }

  private static void assertForeign(ScalarParameter p, Value value) {
    assertThatThrownBy(() -> p.coordinate(value)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertEven(ScalarParameter p, int kinds) {
    Map<Value, Integer> counts = counts(p);
    assertThat(counts).hasSize(kinds);
    double share = 1.0 / kinds;
    for (int count : counts.values()) {
      assertThat((double) count)
          .isBetween(DRAWS * share - margin(share), DRAWS * share + margin(share));
    }
  }

  /** Five standard deviations of a binomial count. */
  private static double margin(double share) {
    return 5 * Math.sqrt(DRAWS * share * (1 - share));
  }

  private static Map<Value, Integer> counts(ScalarParameter p) {
    KeyedRandom random = KeyedRandom.stream(11, "counts", 0);
    return DoubleStream.generate(random::nextDouble)
        .limit(DRAWS)
        .mapToObj(p::decode)
        .collect(Collectors.toMap(Function.identity(), value -> 1, Integer::sum));
  }

  /** The values at the middle of equal parts; each must lead back to itself. */
  private static List<Value> decoded(ScalarParameter p, int count) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Value value = p.decode((i + 0.5) / count);
      assertThat(p.decode(p.coordinate(value))).isEqualTo(value);
      assertThat(p.coordinate(value)).isCloseTo((i + 0.5) / count, offset(1e-12));
      values.add(value);
    }
    return values;
  }

  private static List<Value> doubles(double... values) {
    return DoubleStream.of(values).mapToObj(v -> (Value) new DoubleValue(v)).toList();
  }

  private static Value text(String text) {
    return new StringValue(text);
  }

  private static org.assertj.core.data.Offset<Double> offset(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }
}
