package health.throughline.journey;

import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.DelegateVariableMapping;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.engine.delegate.VariableScope;
import org.camunda.bpm.engine.impl.form.validator.FormFieldValidator;
import org.camunda.bpm.engine.impl.form.validator.FormFieldValidatorContext;
import org.camunda.bpm.engine.variable.VariableMap;

/** Sings when a model gets as far as making one, or calling it. */
public class Canary
        implements JavaDelegate, ExecutionListener, TaskListener, DelegateVariableMapping, FormFieldValidator {

    private static final AtomicInteger SONGS = new AtomicInteger();

    public Canary() {
        sing();
    }

    public static void sing() {
        SONGS.incrementAndGet();
    }

    static int songs() {
        return SONGS.get();
    }

    @Override
    public void execute(DelegateExecution execution) {
        sing();
    }

    @Override
    public void notify(DelegateExecution execution) {
        sing();
    }

    @Override
    public void notify(DelegateTask task) {
        sing();
    }

    @Override
    public void mapInputVariables(DelegateExecution superExecution, VariableMap subVariables) {
        sing();
    }

    @Override
    public void mapOutputVariables(DelegateExecution superExecution, VariableScope subInstance) {
        sing();
    }

    @Override
    public boolean validate(Object submittedValue, FormFieldValidatorContext validatorContext) {
        sing();
        return true;
    }

    static String classCall() {
        return "''.getClass().forName('" + Canary.class.getName() + "').getMethod('sing').invoke(null)";
    }
}
