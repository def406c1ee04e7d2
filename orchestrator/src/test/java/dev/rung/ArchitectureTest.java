package dev.rung;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may use which: {@code cli, web -> api -> study; session -> fleet -> study}. */
@AnalyzeClasses(
    packages = "dev.rung",
    importOptions = {ArchitectureTest.NoTests.class, ImportOption.DoNotIncludeJars.class})
class ArchitectureTest {

  /** Whatever folder the build is made in. */
  static final class NoTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("test-classes");
    }
  }

  /** The actors of dev.rung.study; all else there is pure. */
  private static final DescribedPredicate<JavaClass> ACTOR =
      describe(
          "an actor of dev.rung.study",
          type ->
              type.getName()
                  .matches(
                      "dev\\.rung\\.study\\.(StudyEntity|DemandLink|SessionLink|LostNodes|Leaving|StudyGateway|SearcherActor|SearcherLink|ExternalSearcher).*"));

  private static final DescribedPredicate<JavaClass> PURE =
      resideInAnyPackage(
              "dev.rung.space..", "dev.rung.halving..", "dev.rung.searcher..", "dev.rung.study..")
          .and(not(ACTOR))
          .as("pure");

  private static final DescribedPredicate<JavaClass> PLAIN_JAVA =
      resideInAnyPackage("java..", "org.jspecify..", "org.hipparchus..");

  /** Time and chance come in as arguments. */
  private static final DescribedPredicate<JavaAccess<?>> CLOCK_OR_CHANCE =
      target(owner(nameMatching("java\\.(util|security)\\..*Random.*|java\\.time\\.Clock")))
          .or(
              describe(
                  "a look at the clock or at chance",
                  access ->
                      access
                          .getTarget()
                          .getFullName()
                          .matches(
                              "java\\.lang\\.System\\.(currentTimeMillis|nanoTime).*"
                                  + "|java\\.time\\.[A-Za-z]+\\.now\\(.*"
                                  + "|java\\.util\\.UUID\\.randomUUID.*"
                                  + "|java\\.lang\\.Math\\.random.*")));

  @ArchTest
  static final ArchRule PURE_USES_PURE =
      classes().that(PURE).should().onlyDependOnClassesThat(PURE.or(PLAIN_JAVA));

  @ArchTest
  static final ArchRule PURE_HAS_NO_CLOCK_AND_NO_CHANCE =
      noClasses().that(PURE).should().accessTargetWhere(CLOCK_OR_CHANCE);

  @ArchTest static final ArchRule SPACE_STANDS_ALONE = onlyUses("space");

  @ArchTest static final ArchRule EXPR_USES_SPACE = onlyUses("expr", "space");

  @ArchTest
  static final ArchRule ONLY_EXPR_KNOWS_CEL =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rung.expr..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.cel..");

  @ArchTest static final ArchRule HALVING_USES_SPACE = onlyUses("halving", "space");

  @ArchTest static final ArchRule SEARCHER_USES_SPACE = onlyUses("searcher", "space");

  @ArchTest
  static final ArchRule STUDY_USES_ITS_PARTS = onlyUses("study", "halving", "searcher", "space");

  @ArchTest static final ArchRule LOGS_STAND_ALONE = onlyUses("logs");

  @ArchTest
  static final ArchRule FLEET_USES_STUDY =
      onlyUses("fleet", "study", "halving", "searcher", "space", "proto");

  @ArchTest
  static final ArchRule SESSION_USES_FLEET =
      onlyUses(
          "session",
          "logs",
          "fleet",
          "study",
          "halving",
          "searcher",
          "space",
          "proto",
          "checkpoint");

  @ArchTest
  static final ArchRule API_IS_BELOW_WEB_AND_CLI =
      noClasses()
          .that()
          .resideInAPackage("dev.rung.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.rung.web..", "dev.rung.cli..", "dev.rung.session..");

  @ArchTest
  static final ArchRule WEB_USES_API =
      onlyUses("web", "api", "fleet", "study", "halving", "searcher", "space", "proto");

  @ArchTest
  static final ArchRule ONLY_APP_SEES_APP =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rung.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.rung.app..");

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("dev.rung.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule YAML_IS_READ_BY_THE_ENGINE_OF_YAML_1_2 =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.yaml.snakeyaml..");

  @ArchTest
  static final ArchRule ONLY_CLI_AND_APP_PRINT =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rung.cli..", "dev.rung.app..", "dev.rung.trainer.command..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  /** Of this project's own packages. */
  private static ArchRule onlyUses(String name, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[0] = "dev.rung." + name + "..";
    for (int i = 0; i < others.length; i++) {
      allowed[i + 1] = "dev.rung." + others[i] + "..";
    }
    DescribedPredicate<JavaClass> ours = resideInAnyPackage("dev.rung..");
    return noClasses()
        .that()
        .resideInAPackage("dev.rung." + name + "..")
        .should()
        .dependOnClassesThat(ours.and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }
}
