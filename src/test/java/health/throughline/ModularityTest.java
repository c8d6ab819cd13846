package health.throughline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The modules use each other only as their package-infos allow, and foreign libraries stay where they belong. */
class ModularityTest {

    private static JavaClasses classes = new ClassFileImporter().importClasses();

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("health.throughline");
    }

    @Test
    void modulesUseOnlyWhatTheyDeclare() {
        ApplicationModules.of(Throughline.class).verify();
    }

    @Test
    void onlyJourneyAndCoordinationKnowTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("health.throughline.journey..", "health.throughline.coordination..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.camunda..")
                .check(classes);
    }

    @Test
    void onlyTheAdaptersOfTwilioKnowIt() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "health.throughline.channel.sms..",
                        "health.throughline.channel.twilio..",
                        "health.throughline.channel.voice..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.twilio..")
                .check(classes);
    }

    @Test
    void fhirTypesStayAtTheDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackage("health.throughline.care.fhir..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ca.uhn.fhir..", "org.hl7.fhir..")
                .check(classes);
    }

    @Test
    void nobodyCallsTheSimulatorButOverHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("health.throughline.simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("health.throughline.simulator..")
                .check(classes);
    }

    @Test
    void nobodyReadsTheClockBehindTheBack() {
        // the attempt's lease and the sweeps run on the machine's own clock; everything a patient notices runs on the
        // product's
        noClasses()
                .that()
                .resideInAnyPackage(
                        "health.throughline.journey..",
                        "health.throughline.consent..",
                        "health.throughline.care..",
                        "health.throughline.coordination..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .check(classes);
    }
}
