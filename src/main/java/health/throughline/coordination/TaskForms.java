package health.throughline.coordination;

import health.throughline.access.Invalid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.TaskService;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The forms of tasks, and the check of what was filled in: the engine stores a form and checks nothing. Only the form's own keys are
 * taken; only choices, dates, numbers and ticks become process variables, free text stays with the task.
 */
@Component
class TaskForms {

    static final String FOLLOW_UP = "person-follow-up";
    private static final int LONGEST_TEXT = 4000;
    private static final Set<String> CHOICES = Set.of("radio", "select");
    private static final Set<String> VARIABLES = Set.of("radio", "select", "checkbox", "number", "datetime");

    private final FormService forms;
    private final TaskService engineTasks;
    private final JsonMapper json;
    private final Map<String, JsonNode> shipped = new ConcurrentHashMap<>();

    TaskForms(FormService forms, TaskService engineTasks, JsonMapper json) {
        this.forms = forms;
        this.engineTasks = engineTasks;
        this.json = json;
    }

    /** The version deployed with the task's journey; tasks without a journey have one that ships with the product. */
    JsonNode of(JdbcTasks.Task task) {
        if (task.engineTask() != null) {
            var open = engineTasks
                    .createTaskQuery()
                    .taskId(task.engineTask())
                    .initializeFormKeys()
                    .singleResult();
            if (open != null && open.getCamundaFormRef() != null) {
                try (var content = forms.getDeployedTaskForm(task.engineTask())) {
                    return json.readTree(content);
                } catch (IOException e) {
                    throw new IllegalStateException("The form of task " + task.id() + " cannot be read", e);
                }
            }
        }
        String key = task.formKey() == null ? FOLLOW_UP : task.formKey();
        return shipped.computeIfAbsent(key, this::shipped);
    }

    private JsonNode shipped(String key) {
        try (var content = new ClassPathResource("forms/" + key + ".form").getInputStream()) {
            return json.readTree(content);
        } catch (IOException e) {
            throw new IllegalStateException("There is no form " + key, e);
        }
    }

    /** The values a choice offers; none where the form has no such field. */
    static Set<String> choices(JsonNode form, String field) {
        Set<String> choices = new HashSet<>();
        for (JsonNode component : components(form)) {
            if (component.path("key").asString("").equals(field)) {
                component
                        .path("values")
                        .forEach(choice -> choices.add(choice.path("value").asString("")));
            }
        }
        return choices;
    }

    static Set<String> fields(JsonNode form) {
        Set<String> fields = new HashSet<>();
        components(form).forEach(component -> fields.add(component.path("key").asString("")));
        return fields;
    }

    /** @param variables what may leave the task for the engine */
    record Accepted(Map<String, Object> answers, Map<String, Object> variables) {}

    /** @throws Invalid naming every field at fault */
    Accepted check(JsonNode form, Map<String, Object> data) {
        List<Invalid.FieldError> errors = new ArrayList<>();
        Map<String, Object> answers = new LinkedHashMap<>();
        Map<String, Object> variables = new LinkedHashMap<>();
        Set<String> unknown = new HashSet<>(data.keySet());
        for (JsonNode component : components(form)) {
            String key = component.path("key").asString("");
            if (key.isEmpty()) {
                continue;
            }
            unknown.remove(key);
            Object value = data.get(key);
            String fault = fault(component, value);
            if (fault != null) {
                errors.add(new Invalid.FieldError(key, fault));
            } else if (value != null && !"".equals(value)) {
                answers.put(key, value);
                if (VARIABLES.contains(component.path("type").asString())) {
                    variables.put(key, value);
                }
            }
        }
        unknown.forEach(key -> errors.add(new Invalid.FieldError(key, "The form has no such field")));
        if (!errors.isEmpty()) {
            throw new Invalid("The form is not complete: look at the fields named", errors);
        }
        return new Accepted(Collections.unmodifiableMap(answers), Collections.unmodifiableMap(variables));
    }

    private static List<JsonNode> components(JsonNode parent) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode component : parent.path("components")) {
            found.add(component);
            found.addAll(components(component));
        }
        return found;
    }

    private static @Nullable String fault(JsonNode component, @Nullable Object value) {
        JsonNode rules = component.path("validate");
        if (value == null || "".equals(value)) {
            return rules.path("required").asBoolean(false) ? "Choose or fill in an answer" : null;
        }
        String type = component.path("type").asString("");
        if (CHOICES.contains(type)) {
            for (JsonNode choice : component.path("values")) {
                if (choice.path("value").asString("").equals(value)) {
                    return null;
                }
            }
            return "This is not one of the choices";
        }
        return switch (type) {
            case "number" -> value instanceof Number ? null : "Give a number";
            case "checkbox" -> value instanceof Boolean ? null : "Tick it or not";
            case "textfield", "textarea", "datetime" -> text(rules, value);
            default -> "This field takes no answer";
        };
    }

    private static @Nullable String text(JsonNode rules, Object value) {
        if (!(value instanceof String text)) {
            return "Give a text";
        }
        int longest = rules.path("maxLength").asInt(LONGEST_TEXT);
        return text.length() > longest ? "Keep it to " + longest + " characters" : null;
    }
}
