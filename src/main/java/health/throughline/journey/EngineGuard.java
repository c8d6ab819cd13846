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
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParse;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParser;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.el.ReadOnlyMapELResolver;
import org.camunda.bpm.engine.impl.el.VariableContextElResolver;
import org.camunda.bpm.engine.impl.el.VariableScopeElResolver;
import org.camunda.bpm.engine.impl.scripting.engine.ScriptEngineResolver;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.camunda.bpm.engine.impl.util.xml.Namespace;
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
        configuration.setBpmnParseFactory(GuardedParse::new);
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

    /** Looks through a model before the engine builds anything of it: classes are instantiated, and shells run, by attributes. */
    private static final class GuardedParse extends BpmnParse {

        private static final Set<String> ENGINE_NAMESPACES =
                Set.of(BpmnParse.CAMUNDA_BPMN_EXTENSIONS_NS.getNamespaceUri(), "http://activiti.org/bpmn");

        private static final Set<String> REFUSED_ATTRIBUTES =
                Set.of("class", "type", "resource", "formHandlerClass", "variableMappingClass");

        private static final Set<String> REFUSED_ELEMENTS = Set.of("scriptTask", "script", "connector", "constraint");

        GuardedParse(BpmnParser parser) {
            super(parser);
        }

        @Override
        protected void parseRootElement() {
            look(rootElement, "");
            super.parseRootElement();
        }

        private static void look(Element element, String nearestId) {
            String own = element.attribute("id");
            String id = own == null ? nearestId : own;
            if (REFUSED_ELEMENTS.contains(element.getTagName())) {
                throw new ProcessEngineException("Element " + id + " has a " + element.getTagName()
                        + "; journeys have none. Use a building block or a decision");
            }
            for (String attribute : REFUSED_ATTRIBUTES) {
                if (isEngines(element, attribute)) {
                    throw new ProcessEngineException("Element " + id + " has the attribute " + attribute
                            + "; journeys use building blocks only");
                }
            }
            element.elements().forEach(child -> look(child, id));
        }

        /** Set for the engine: in its namespace, or without one on an element of its own. */
        private static boolean isEngines(Element element, String attribute) {
            return ENGINE_NAMESPACES.stream()
                            .anyMatch(uri -> element.attributeNS(new Namespace(uri), attribute) != null)
                    || (ENGINE_NAMESPACES.contains(element.getUri())
                            && !element.getTagName().equals("formField")
                            && element.attribute(attribute) != null);
        }
    }
}
