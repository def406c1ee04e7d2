package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyKeysTest {

  // RFC 4648, section 10, in lower case and without padding.
  @ParameterizedTest
  @CsvSource({
    "f,my",
    "fo,mzxq",
    "foo,mzxw6",
    "foob,mzxw6yq",
    "fooba,mzxw6ytb",
    "foobar,mzxw6ytboi"
  })
  void shouldEncodeTheVectorsOfTheRfc(String text, String base32) {
    assertThat(StudyKeys.base32(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(base32);
  }
}
