package io.facet.tracking;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.facet.tracking",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {
  @ArchTest
  static final ArchRule TRACKING_KNOWS_NO_OTHER_MODULE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.facet.models..", "io.facet.transforms..", "io.facet.pipelines..");

  @ArchTest
  static final ArchRule THE_OUTBOX_KNOWS_NO_SERVER =
      noClasses()
          .that()
          .resideInAnyPackage("io.facet.tracking.outbox", "io.facet.tracking.journal")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.facet.tracking.mlflow",
              "io.facet.tracking.rest",
              "io.facet.tracking.delivery",
              "io.facet.tracking.server",
              "org.mlflow..");
}
