package health.throughline.journey;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models that try to run something. The element at fault has the id {@code Attack}. */
final class AttackModels {

    static final String CANARY_FILE = "target/canary";

    private static final String HEAD = """
            <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
              xmlns:activiti="http://activiti.org/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="attack">
            """;

    private static final String EXEC =
            "${''.getClass().forName('java.lang.Runtime').getMethod('getRuntime').invoke(null).exec('touch "
                    + CANARY_FILE + "')}";
    private static final String CALL = "${" + Canary.classCall() + "}";
    private static final String CLASS = Canary.class.getName();
    private static final String SHELL_FIELDS = """
            <bpmn:extensionElements>
              <camunda:field name="command" stringValue="touch"/><camunda:field name="arg1" stringValue="%s"/>
              <camunda:field name="wait" stringValue="true"/>
            </bpmn:extensionElements>
            """.formatted(CANARY_FILE);

    private AttackModels() {}

    /** @param element that the finding must name; none where the file is no model at all */
    record Attack(String name, @Nullable String element, String xml) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Attack> all() {
        List<Attack> attacks = new ArrayList<>();
        attacks.add(step(
                "script task",
                "<bpmn:scriptTask %s scriptFormat=\"groovy\"><bpmn:script>" + CLASS
                        + ".sing()</bpmn:script></bpmn:scriptTask>"));
        attacks.add(step(
                "script task in JUEL",
                "<bpmn:scriptTask %s scriptFormat=\"juel\"><bpmn:script>" + CALL + "</bpmn:script></bpmn:scriptTask>"));
        attacks.add(step(
                "script resource",
                "<bpmn:scriptTask %s scriptFormat=\"groovy\" camunda:resource=\"file:///etc/hostname\"/>"));
        attacks.add(service("class", "camunda:class=\"" + CLASS + "\""));
        attacks.add(service("class by the engine's old name", "activiti:class=\"" + CLASS + "\""));
        attacks.add(service("command by expression", "camunda:expression=\"" + EXEC + "\""));
        attacks.add(service("class by expression", "camunda:expression=\"" + CALL + "\""));
        attacks.add(service("class by index", "camunda:expression=\"${''['class'].forName('" + CLASS + "')}\""));
        attacks.add(service("class by the other bracket", "camunda:expression=\"" + CALL.replace('$', '#') + "\""));
        attacks.add(
                service(
                        "engine by the execution",
                        "camunda:expression=\"${execution.processEngineServices.managementService.setProperty('canary','1')}\""));
        attacks.add(service("engine service", "camunda:expression=\"${managementService.setProperty('canary','1')}\""));
        attacks.add(
                service("runtime service", "camunda:expression=\"${runtimeService.suspendProcessInstanceById('1')}\""));
        attacks.add(service("data source", "camunda:expression=\"${dataSource.connection}\""));
        attacks.add(
                service("method of a building block", "camunda:expression=\"${contactPatient.execute(execution)}\""));
        attacks.add(service("class of a building block", "camunda:expression=\"${contactPatient.class.classLoader}\""));
        attacks.add(service("another bean as delegate", "camunda:delegateExpression=\"${transactionManager}\""));
        attacks.add(service("expression as delegate", "camunda:delegateExpression=\"" + CALL + "\""));
        attacks.add(service("external worker", "camunda:type=\"external\" camunda:topic=\"attack\""));
        attacks.add(
                step("shell", "<bpmn:serviceTask %s camunda:type=\"shell\">" + SHELL_FIELDS + "</bpmn:serviceTask>"));
        attacks.add(step(
                "shell by the engine's old name",
                "<bpmn:serviceTask %s activiti:type=\"shell\">" + SHELL_FIELDS.replace("camunda:", "activiti:")
                        + "</bpmn:serviceTask>"));
        attacks.add(service("mail", "camunda:type=\"mail\""));
        attacks.add(extended("listener class", "<camunda:executionListener event=\"start\" class=\"" + CLASS + "\"/>"));
        attacks.add(extended(
                "listener class by the engine's old name",
                "<activiti:executionListener event=\"start\" class=\"" + CLASS + "\"/>"));
        attacks.add(extended(
                "listener expression", "<camunda:executionListener event=\"start\" expression=\"" + CALL + "\"/>"));
        attacks.add(extended(
                "listener delegate",
                "<camunda:executionListener event=\"start\" delegateExpression=\"${dataSource}\"/>"));
        attacks.add(extended(
                "listener script",
                "<camunda:executionListener event=\"start\"><camunda:script scriptFormat=\"groovy\">" + CLASS
                        + ".sing()</camunda:script></camunda:executionListener>"));
        attacks.add(extended(
                "input by script",
                "<camunda:inputOutput><camunda:inputParameter name=\"x\"><camunda:script scriptFormat=\"groovy\">"
                        + CLASS + ".sing()</camunda:script></camunda:inputParameter></camunda:inputOutput>"));
        attacks.add(extended(
                "input by expression",
                "<camunda:inputOutput><camunda:inputParameter name=\"x\">" + CALL
                        + "</camunda:inputParameter></camunda:inputOutput>"));
        attacks.add(extended(
                "output by expression",
                "<camunda:inputOutput><camunda:outputParameter name=\"x\">" + EXEC
                        + "</camunda:outputParameter></camunda:inputOutput>"));
        attacks.add(step(
                "connector",
                "<bpmn:serviceTask %s><bpmn:extensionElements><camunda:connector>"
                        + "<camunda:connectorId>http-connector</camunda:connectorId></camunda:connector></bpmn:extensionElements>"
                        + "</bpmn:serviceTask>"));
        attacks.add(step(
                "task listener",
                "<bpmn:userTask %s><bpmn:extensionElements><camunda:taskListener event=\"create\"" + " class=\"" + CLASS
                        + "\"/></bpmn:extensionElements></bpmn:userTask>"));
        attacks.add(step("assignee", "<bpmn:userTask %s camunda:assignee=\"" + CALL + "\"/>"));
        attacks.add(step(
                "form validator",
                "<bpmn:userTask %s><bpmn:extensionElements><camunda:formData>"
                        + "<camunda:formField id=\"x\" type=\"string\"><camunda:validation><camunda:constraint name=\"validator\" config=\""
                        + CLASS
                        + "\"/></camunda:validation></camunda:formField></camunda:formData></bpmn:extensionElements>"
                        + "</bpmn:userTask>"));
        attacks.add(step("other process by expression", "<bpmn:callActivity %s calledElement=\"" + CALL + "\"/>"));
        attacks.add(step(
                "variable mapping",
                "<bpmn:callActivity %s calledElement=\"attack\" camunda:variableMappingClass=\"" + CLASS + "\"/>"));
        attacks.add(step(
                "variables for a called process",
                "<bpmn:callActivity %s calledElement=\"attack\"><bpmn:extensionElements><camunda:in sourceExpression=\""
                        + CALL + "\" target=\"x\"/></bpmn:extensionElements></bpmn:callActivity>"));
        attacks.add(step(
                "timer",
                "<bpmn:intermediateCatchEvent %s><bpmn:timerEventDefinition><bpmn:timeDuration"
                        + " xsi:type=\"bpmn:tFormalExpression\">" + CALL
                        + "</bpmn:timeDuration></bpmn:timerEventDefinition>"
                        + "</bpmn:intermediateCatchEvent>"));
        attacks.add(step(
                "loop",
                "<bpmn:serviceTask %s camunda:delegateExpression=\"${checkWait}\">"
                        + "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type=\"bpmn:tFormalExpression\">"
                        + CALL
                        + "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>"));
        attacks.add(step(
                "message thrown by a class",
                "<bpmn:intermediateThrowEvent %s><bpmn:messageEventDefinition" + " camunda:class=\"" + CLASS
                        + "\"/></bpmn:intermediateThrowEvent>"));
        for (String language : List.of("groovy", "juel", "feel", "javascript")) {
            attacks.add(condition(
                    "condition in " + language,
                    "language=\"" + language + "\"",
                    language.equals("juel") ? CALL : "1 = 1"));
        }
        attacks.add(condition("condition by expression", "", CALL));
        attacks.add(condition("condition from a resource", "language=\"groovy\" camunda:resource=\"x.groovy\"", ""));
        attacks.add(new Attack(
                "document type",
                null,
                "<!DOCTYPE bpmn:definitions [<!ENTITY secret SYSTEM \"file:///etc/hostname\">]>"
                        + model("<bpmn:task id=\"Attack\" name=\"&secret;\"/>", "")));
        return attacks;
    }

    static String harmless(String step) {
        return model(step, "");
    }

    private static Attack service(String name, String attributes) {
        return step(name, "<bpmn:serviceTask %s " + attributes + "/>");
    }

    private static Attack extended(String name, String extension) {
        return step(
                name,
                "<bpmn:serviceTask %s camunda:expression=\"${1}\"><bpmn:extensionElements>" + extension
                        + "</bpmn:extensionElements></bpmn:serviceTask>");
    }

    private static Attack step(String name, String element) {
        return new Attack(name, "Attack", model(element.replaceFirst("%s", "id=\"Attack\" name=\"Attack\""), ""));
    }

    private static Attack condition(String name, String attributes, String text) {
        return new Attack(
                name,
                "ToEnd",
                model(
                        "<bpmn:exclusiveGateway id=\"Attack\" name=\"Attack?\"/>",
                        "<bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\" " + attributes + ">" + text
                                + "</bpmn:conditionExpression>"));
    }

    private static String model(String step, String condition) {
        return HEAD + """
                <bpmn:process id="attack" name="Attack" isExecutable="true" camunda:historyTimeToLive="P1D">
                  <bpmn:startEvent id="Start" name="Start"/>
                  %s
                  <bpmn:endEvent id="End" name="End"/>
                  <bpmn:sequenceFlow id="ToAttack" sourceRef="Start" targetRef="Attack"/>
                  <bpmn:sequenceFlow id="ToEnd" sourceRef="Attack" targetRef="End">%s</bpmn:sequenceFlow>
                </bpmn:process></bpmn:definitions>
                """.formatted(step, condition);
    }
}
