// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.uplion.rules.Packages.LIBS;
import static io.uplion.rules.Packages.PLATFORM;
import static io.uplion.rules.Packages.SERVICES;
import static io.uplion.rules.Packages.STANDALONE;
import static io.uplion.rules.Packages.TOOLS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may know whom. The rules on what a module has on its class path are in [ModulesTest].
class ArchitectureTest {
    private static final Pattern EMPTY_WORD =
            Pattern.compile("(Util|Utils|Utility|Utilities|Common|Helper|Manager|Impl)(?![a-z])");
    private static final Pattern EMPTY_PACKAGE =
            Pattern.compile("\\b(utils?|commons?|helpers?|managers?|impl)\\b");
    private static final String[] DATABASE = {
        "java.sql..",
        "javax.sql..",
        "org.jdbi..",
        "org.postgresql..",
        "com.zaxxer..",
        "org.flywaydb..",
        "io.uplion.store.."
    };

    @Test
    void everyLayerWasImported() {
        for (var layer : Packages.of(PLATFORM, LIBS, SERVICES, STANDALONE)) {
            assertThat(Packages.ALL)
                    .as(layer)
                    .anyMatch(JavaClass.Predicates.resideInAPackage(layer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "worker", "access", "portal", "billing"})
    void servicesDoNotKnowEachOther(String service) {
        var own = "io.uplion." + service + "..";
        var others = SERVICES.stream().filter(other -> !other.equals(own)).toArray(String[]::new);
        check(
                noClasses()
                        .that()
                        .resideInAPackage(own)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others)
                        .because(
                                "a service talks to others through ports, queues and the network"));
    }

    @Test
    void platformKnowsNothingOfOurs() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(PLATFORM)
                        .should()
                        .dependOnClassesThat(oursOutside(PLATFORM))
                        .because("everything stands on it"));
    }

    @Test
    void librariesKnowNoService() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(Packages.of(LIBS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(Packages.of(SERVICES, STANDALONE, TOOLS))
                        .because("the direction is services → libs → platform"));
    }

    @Test
    void onlyStandaloneSeesSeveralServices() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(Packages.of(SERVICES))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(Packages.of(STANDALONE, TOOLS))
                        .because("services are put together, they do not put together"));
    }

    @Test
    void theProductDoesNotKnowItsTests() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(STANDALONE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(Packages.of(TOOLS))
                        .because("test instruments are not shipped"));
    }

    @Test
    void requestsMeetNoDatabase() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage("io.uplion.gateway..", "io.uplion.worker..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DATABASE)
                        .because("no request waits for a database, and none writes to it"));
    }

    @Test
    void vertxIsWhereHttpIsSpokenOnly() {
        var allowed =
                Packages.of(
                        "io.uplion.gateway..",
                        "io.uplion.worker..",
                        "io.uplion.portal",
                        "io.uplion.portal.http..",
                        "io.uplion.portal.api..",
                        STANDALONE,
                        TOOLS);
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(allowed)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.vertx..", "io.netty..")
                        .because("event loops stay where HTTP is spoken"));
    }

    @Test
    void statementsArePackagePrivate() {
        check(
                classes()
                        .that()
                        .haveSimpleNameEndingWith("Sql")
                        .should()
                        .bePackagePrivate()
                        .because("one public door per feature; statements are behind it"));
    }

    @Test
    void onlyPortalAndBillingWriteSql() {
        check(
                noClasses()
                        .that(haveNoRightToWrite())
                        .and()
                        .resideOutsideOfPackages(Packages.of(TOOLS))
                        .should()
                        .callMethodWhere(SqlWrites.CALL)
                        .because("only the dashboard and billing write to the database"));
    }

    private static DescribedPredicate<JavaClass> haveNoRightToWrite() {
        return DescribedPredicate.describe(
                "are not a *Sql class of portal or billing",
                type ->
                        !(type.getPackageName().matches("io\\.uplion\\.(portal|billing)\\..*")
                                && outermost(type).getSimpleName().endsWith("Sql")));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    @Test
    void packagesHaveNoCycles() {
        check(
                slices().assignedFrom(new FeatureSlices())
                        .should()
                        .beFreeOfCycles()
                        .because("what can only be understood together belongs together"));
    }

    /// A slice is a package. A module's own package is none: its composition root knows all
    /// features, and all features know the module's configuration.
    private static final class FeatureSlices implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            var name = type.getPackageName();
            return name.matches("io\\.uplion\\.\\w+\\..+")
                    ? SliceIdentifier.of(name)
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages below a module's own";
        }
    }

    @Test
    void modulesHaveNoCycles() {
        check(
                slices().matching("io.uplion.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("a module is understood without those that use it"));
    }

    @Test
    void namesSayWhatThingsAre() {
        assertThat(Packages.ALL)
                .noneMatch(type -> EMPTY_WORD.matcher(type.getSimpleName()).find())
                .noneMatch(type -> EMPTY_PACKAGE.matcher(type.getPackageName()).find());
    }

    @Test
    void packagesAreNullMarked() {
        assertThat(Packages.ALL.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allMatch(place -> place.isAnnotatedWith(NullMarked.class), "is @NullMarked");
    }

    @Test
    void onlyCommandLinesPrint() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(Packages.of("io.uplion..cli..", TOOLS))
                        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                        .because("everything else logs"));
    }

    @Test
    void thereIsOneLoggingFacade() {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.util.logging..", "lombok..")
                        .because("SLF4J is enough, and what stands in the source is what runs"));
    }

    private static DescribedPredicate<JavaClass> oursOutside(String layer) {
        return JavaClass.Predicates.resideInAPackage("io.uplion..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(layer)));
    }

    private static void check(ArchRule rule) {
        rule.check(Packages.ALL);
    }
}
