package io.facet.transforms;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.facet.transforms.source.FaceSource;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;

/** The rules of Beam's style guide and of the module arrows that a machine can check. */
@AnalyzeClasses(
    packages = "io.facet.transforms",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knowsNoRecipesAndNoTracking =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.facet.pipelines..",
              "io.facet.tracking..",
              "org.mlflow..",
              "org.apache.flink..",
              "org.apache.beam.runners..");

  @ArchTest
  static final ArchRule functionsAreHiddenInTheirTransform =
      classes()
          .that()
          .areAssignableTo(DoFn.class)
          .should()
          .haveModifier(JavaModifier.STATIC)
          .andShould()
          .bePrivate()
          .andShould()
          .haveSimpleNameEndingWith("Fn")
          .because("users see transforms, never the functions inside");

  @ArchTest
  static final ArchRule transformsAreNamedAfterWhatTheyDo =
      noClasses()
          .that()
          .areTopLevelClasses()
          .and(not(assignableTo(FaceSource.class)))
          .should()
          .haveNameMatching(".*(Transform|Reader|Writer|Sink|Source)")
          .because("Beam's style guide asks for verbs; FaceSource is the recipe's word");

  @ArchTest
  static final ArchRule transformsAreImmutable =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .areAssignableTo(PTransform.class)
          .should()
          .beFinal();

  @ArchTest
  static final ArchRule transformsCannotBeExtended =
      classes().that().areAssignableTo(PTransform.class).should().haveModifier(JavaModifier.FINAL);
}
