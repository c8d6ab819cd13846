package health.throughline;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows of the fault matrix: run with everything else in their short form, and in their long form by {@code mvn verify -Pfaults}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("faults")
@ExtendWith(FaultReport.class)
public @interface FaultTest {}
