package health.throughline.journey;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.el.ReadOnlyMapELResolver;
import org.camunda.bpm.engine.impl.el.VariableContextElResolver;
import org.camunda.bpm.engine.impl.el.VariableScopeElResolver;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.scripting.engine.ScriptEngineResolver;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.spring.SpringExpressionManager;
import org.camunda.bpm.impl.juel.jakarta.el.ArrayELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.BeanELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.CompositeELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ELContext;
import org.camunda.bpm.impl.juel.jakarta.el.ELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.ListELResolver;
import org.camunda.bpm.impl.juel.jakarta.el.MapELResolver;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * A BPMN file is a program. This keeps it from being any program: an expression reaches the process's variables and our delegates, no
 * class, no engine service, no other bean; scripts do not run. {@link ModelCheck} refuses such a model before the engine sees it; this
 * stands behind it.
 */
@Component
class EngineGuard extends AbstractProcessEnginePlugin {

    /** Values an expression may look into; of everything else no property or method is reachable. */
    private static final Set<Class<?>> PLAIN_VALUES = Set.of(
            String.class,
            Integer.class,
            Long.class,
            Double.class,
            Boolean.class,
            java.util.Date.class,
            java.time.Instant.class,
            java.time.LocalDate.class);

    private static final Set<String> READABLE_OF_EXECUTION = Set.of("processBusinessKey", "businessKey");

    private final ApplicationContext context;
    private final Map<String, JourneyStep> steps;

    EngineGuard(ApplicationContext context, List<JourneyStep> steps) {
        this.context = context;
        this.steps = steps.stream().collect(Collectors.toUnmodifiableMap(JourneyStep::name, step -> step));
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl configuration) {
        configuration.setExpressionManager(new GuardedExpressions(context, steps));
        configuration.setScriptEngineResolver(new NoScripts());
        List<BpmnParseListener> listeners = configuration.getCustomPreBPMNParseListeners();
        if (listeners == null) {
            listeners = new java.util.ArrayList<>();
            configuration.setCustomPreBPMNParseListeners(listeners);
        }
        listeners.add(new NoScriptTasks());
    }

    private static final class GuardedExpressions extends SpringExpressionManager {

        private final Map<Object, Object> allowed;

        GuardedExpressions(ApplicationContext context, Map<String, JourneyStep> steps) {
            super(context, Map.copyOf(steps));
            this.allowed = Map.copyOf(steps);
        }

        @Override
        protected ELResolver createElResolver() {
            CompositeELResolver resolver = new CompositeELResolver();
            resolver.add(new VariableScopeElResolver());
            resolver.add(new VariableContextElResolver());
            resolver.add(new ReadOnlyMapELResolver(allowed == null ? Map.of() : allowed));
            resolver.add(new ArrayELResolver(true));
            resolver.add(new ListELResolver(true));
            resolver.add(new MapELResolver(true));
            resolver.add(new PlainValuesOnly());
            return resolver;
        }
    }

    private static final class PlainValuesOnly extends BeanELResolver {

        PlainValuesOnly() {
            super(true);
        }

        @Override
        public Object getValue(ELContext context, Object base, Object property) {
            if (base instanceof DelegateExecution && READABLE_OF_EXECUTION.contains(String.valueOf(property))) {
                return super.getValue(context, base, property);
            }
            refuse(base, property);
            return super.getValue(context, base, property);
        }

        @Override
        public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
            refuse(base, method);
            return super.invoke(context, base, method, types, arguments);
        }

        @Override
        public void setValue(ELContext context, Object base, Object property, Object value) {
            throw new ProcessEngineException("An expression may not change " + property);
        }

        private static void refuse(Object base, Object member) {
            boolean plain = base != null && PLAIN_VALUES.contains(base.getClass());
            if (base == null
                    || (plain
                            && !String.valueOf(member).equals("class")
                            && !String.valueOf(member).equals("getClass"))) {
                return;
            }
            throw new ProcessEngineException("An expression may not reach \"" + member + "\" of "
                    + (base instanceof DelegateExecution
                            ? "the execution"
                            : "a " + base.getClass().getSimpleName()));
        }
    }

    private static final class NoScripts implements ScriptEngineResolver {

        @Override
        public void addScriptEngineFactory(ScriptEngineFactory factory) {
            throw new ProcessEngineException("Scripts do not run in journeys");
        }

        @Override
        public ScriptEngineManager getScriptEngineManager() {
            throw new ProcessEngineException("Scripts do not run in journeys");
        }

        @Override
        public ScriptEngine getScriptEngine(String language, boolean resolveFromCache) {
            throw new ProcessEngineException("Scripts do not run in journeys");
        }
    }

    private static final class NoScriptTasks extends AbstractBpmnParseListener {

        @Override
        public void parseScriptTask(Element element, ScopeImpl scope, ActivityImpl activity) {
            throw new ProcessEngineException("Element " + activity.getId()
                    + " is a script task; journeys have none. Use a decision table or a service task");
        }
    }
}
