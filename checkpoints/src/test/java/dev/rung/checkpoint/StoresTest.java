package dev.rung.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoresTest {
  @ParameterizedTest
  @CsvSource({
    "s3://bucket/rung, s3://bucket/rung/",
    "s3://bucket, s3://bucket/",
    "s3://my.bucket-1/a/b=c/, s3://my.bucket-1/a/b=c/",
    "file:///mnt/shared, file:///mnt/shared/",
    "/mnt/none/with space, file:///mnt/none/with%20space/",
    "file://gpu-1/data/, file://gpu-1/data/",
  })
  void shouldTakeWhatAnOperatorWrites(String text, String base) {
    assertThat(Stores.base(text)).isEqualTo(base);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/",
        "data/checkpoints",
        "FILE:///elsewhere/",
        "file:relative/",
        "file:///data/../etc/",
        "file:///data/%2e%2e/etc/",
        "file:///data/./x/",
        "file:///data//x/",
        "file:///data/?x=/",
        "file:///data/#x/",
        "file:///da ta/",
        "file://user@host/data/",
        "file://host:1/data/",
        "s3://",
        "s3:///prefix/",
        "s3://b/",
        "s3://Bucket/",
        "s3://bucket/../other/",
        "s3://bucket/a/../b/",
        "s3://bucket/a//b/",
        "s3://bucket/a b/",
        "s3://bucket/%2e%2e/",
        "s3://key:secret@bucket/",
        "s3://bucket?endpoint=http://169.254.169.254/",
        "s3://169.254.169.254/latest/",
        "s3://127.0.0.1/x/",
        "s3://[fd00:ec2::254]/latest/",
        "s3://bucket@169.254.169.254/x/",
        "s3://bucket:80/x/",
        "",
      })
  void shouldRefuseWhatNamesNoStore(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stores.base(text))
        .withMessageStartingWith("expected a place for checkpoints as s3://BUCKET/PREFIX/");
  }

  @Test
  void shouldTellWhoseDiskAnAddressIsOn() {
    assertThat(Stores.nodeOf("file://gpu-1/data/s/1/1/9.ckpt")).isEqualTo("gpu-1");
    assertThat(Stores.nodeOf("file:///data/s/1/1/9.ckpt")).isNull();
    assertThat(Stores.nodeOf("file:/data/s/1/1/9.ckpt")).isNull();
    assertThat(Stores.nodeOf("s3://bucket/s/1/1/9.ckpt")).isNull();
    assertThat(Stores.baseOf("n", Path.of("/data/my own"))).isEqualTo("file://n/data/my%20own/");
  }

  @Test
  void shouldTakeAnAddressApart() {
    assertThat(Place.of("s3://bucket/rung/7abc/12/3/45.ckpt"))
        .isEqualTo(new Place("s3://bucket/rung/", "7abc/12/3/45.ckpt"));
    assertThat(Place.baseOf("file:/data/7abc/12/3/")).isEqualTo("file:/data/");
    assertThatIllegalArgumentException().isThrownBy(() -> Place.baseOf("file:/7abc/../3/"));
    assertThatIllegalArgumentException().isThrownBy(() -> Place.baseOf("7abc/12/3/"));
  }
}
