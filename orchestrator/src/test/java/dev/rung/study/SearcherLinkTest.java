package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.ExternalSearcher.Page;
import dev.rung.study.ExternalSearcher.ToProgram;
import dev.rung.study.ExternalSearcher.Welcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A study and the program that searches it, where messages cross each other. */
final class SearcherLinkTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final StudyState state = StudyFixture.create(Plans.plan().search("external")).state;
  private final TestProbe<String> seen = KIT.createTestProbe();

  /** Whether the next question of the searcher is kept back. */
  private boolean holds = true;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void shouldTellAProgramAllAlthoughTheOneBeforeLeftWhileTheStudyWasAsked() {
    ActorRef<StudyEntity.Command> study = KIT.spawn(study());
    TestProbe<ToProgram> first = KIT.createTestProbe();
    study.tell(new StudyEntity.Dial(first.ref()));
    assertThat(first.receiveMessage()).isInstanceOf(Welcome.class);
    seen.expectMessage("held");
    first.stop();
    seen.expectMessage("gone");

    study.tell(new StudyEntity.TellProgram());
    TestProbe<ToProgram> second = KIT.createTestProbe();
    study.tell(new StudyEntity.Dial(second.ref()));

    assertThat(second.receiveMessage()).isInstanceOf(Welcome.class);
    assertThat(second.receiveMessage())
        .isInstanceOfSatisfying(
            Page.class,
            page -> {
              assertThat(page.number()).isEqualTo(1);
              assertThat(page.observations()).isNotEmpty();
            });
  }

  private Behavior<StudyEntity.Command> study() {
    return Behaviors.setup(context -> {
      SearcherLink link = link(context);
      return Behaviors.receive(StudyEntity.Command.class)
          .onMessage(
              StudyEntity.Dial.class,
              dial -> {
                link.dial(state, dial.session());
                return Behaviors.same();
              })
          .onMessage(
              StudyEntity.TellProgram.class,
              tell -> {
                if (holds) {
                  holds = false;
                  seen.ref().tell("held");
                } else {
                  link.tellProgram(state);
                }
                return Behaviors.same();
              })
          .onSignal(
              Terminated.class,
              terminated -> {
                assertThat(link.ended(terminated.getRef())).isFalse();
                seen.ref().tell("gone");
                return Behaviors.same();
              })
          .build();
    });
  }

  private static SearcherLink link(ActorContext<StudyEntity.Command> context) {
    return new SearcherLink(
        "a study",
        context,
        new StudyEntity.Wiring(
            KIT.<StudyGateways.Command>createTestProbe().ref(),
            KIT.<ToDispatcher>createTestProbe().ref(),
            KIT.<String>createTestProbe().ref(),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC),
            () -> 0,
            new CommitCount()));
  }
}
