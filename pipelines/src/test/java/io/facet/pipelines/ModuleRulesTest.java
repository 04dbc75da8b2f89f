package io.facet.pipelines;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** Who may import whom, over all modules. */
@AnalyzeClasses(
    packages = "io.facet",
    importOptions = {ImportOption.DoNotIncludeTests.class, ModuleRulesTest.WithoutTestJars.class})
class ModuleRulesTest {
  /** The tests of other modules come as jars. */
  static final class WithoutTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule NOBODY_IMPORTS_PIPELINES =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.facet.pipelines..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.facet.pipelines..");

  @ArchTest
  static final ArchRule MODELS_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("io.facet.models..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.facet.transforms..",
              "io.facet.tracking..",
              "org.apache.beam..",
              "org.apache.flink..",
              "org.mlflow..");

  @ArchTest
  static final ArchRule TRANSFORMS_KNOW_NO_RECIPE_AND_NO_MLFLOW =
      noClasses()
          .that()
          .resideInAPackage("io.facet.transforms..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.facet.tracking..", "org.mlflow..");

  @ArchTest
  static final ArchRule TRACKING_KNOWS_NOTHING_ABOUT_FACES =
      noClasses()
          .that()
          .resideInAPackage("io.facet.tracking..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.facet.models..", "io.facet.transforms..", "org.apache.beam..");

  @ArchTest
  static final ArchRule PLAN_RECIPE_AND_STORE_KNOW_NO_STAGE_AND_NO_TERMINAL =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.facet.pipelines.plan..",
              "io.facet.pipelines.recipe..",
              "io.facet.pipelines.artifact..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.facet.pipelines.stage..",
              "io.facet.pipelines.cli..",
              "io.facet.tracking..",
              "picocli..");

  @ArchTest
  static final ArchRule THE_COMMAND_LINE_IS_KNOWN_TO_ITSELF_ALONE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.facet.pipelines.cli")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.facet.pipelines.cli", "picocli..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      SlicesRuleDefinition.slices().matching("io.facet.(**)").should().beFreeOfCycles();
}
