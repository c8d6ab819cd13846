package health.throughline.journey;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Reads a bundle before the engine does, and refuses what is not on its lists: elements, extension attributes, expression forms,
 * delegates. Every finding names the element and the mend.
 */
@Component
class ModelCheck {

    private static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    private static final String CAMUNDA = "http://camunda.org/schema/1.0/bpmn";

    /** How a model is drawn, which tool drew it, colours: nothing that runs. The engine runs other names for its own, too. */
    private static final Set<String> DRAWING = Set.of(
            "http://www.omg.org/spec/BPMN/20100524/DI",
            "http://www.omg.org/spec/DD/20100524/DC",
            "http://www.omg.org/spec/DD/20100524/DI",
            "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
            "http://bpmn.io/schema/bpmn/biocolor/1.0",
            "http://camunda.org/schema/modeler/1.0",
            XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI,
            XMLConstants.XMLNS_ATTRIBUTE_NS_URI,
            XMLConstants.XML_NS_URI);

    /** Attributes of BPMN by which another language, or other code, would run. */
    private static final Set<String> LANGUAGES =
            Set.of("language", "scriptFormat", "expressionLanguage", "typeLanguage", "implementation");

    private static final Set<String> ELEMENTS = Set.of(
            "definitions",
            "process",
            "documentation",
            "extensionElements",
            "incoming",
            "outgoing",
            "message",
            "error",
            "escalation",
            "startEvent",
            "endEvent",
            "intermediateCatchEvent",
            "intermediateThrowEvent",
            "boundaryEvent",
            "serviceTask",
            "userTask",
            "businessRuleTask",
            "receiveTask",
            "task",
            "callActivity",
            "subProcess",
            "exclusiveGateway",
            "parallelGateway",
            "inclusiveGateway",
            "eventBasedGateway",
            "sequenceFlow",
            "conditionExpression",
            "messageEventDefinition",
            "timerEventDefinition",
            "errorEventDefinition",
            "escalationEventDefinition",
            "terminateEventDefinition",
            "timeDate",
            "timeDuration",
            "timeCycle",
            "multiInstanceLoopCharacteristics",
            "loopCardinality",
            "completionCondition",
            "textAnnotation",
            "text",
            "association",
            "laneSet",
            "lane",
            "flowNodeRef",
            "collaboration",
            "participant",
            "group",
            "category",
            "categoryValue");

    private static final Set<String> EXTENSION_ATTRIBUTES = Set.of(
            "historyTimeToLive",
            "versionTag",
            "delegateExpression",
            "asyncBefore",
            "asyncAfter",
            "exclusive",
            "formRef",
            "formRefBinding",
            "decisionRef",
            "decisionRefBinding",
            "mapDecisionResult",
            "resultVariable",
            "calledElementBinding",
            "modelerTemplate",
            "modelerTemplateVersion",
            "jobPriority",
            "candidateGroups",
            "dueDate",
            "priority",
            "errorCodeVariable");

    private static final Set<String> EXTENSION_ELEMENTS = Set.of(
            "in",
            "out",
            "inputOutput",
            "inputParameter",
            "outputParameter",
            "properties",
            "property",
            "failedJobRetryTimeCycle");

    private static final Set<String> READ_BY_PEOPLE = Set.of(
            "startEvent",
            "endEvent",
            "intermediateCatchEvent",
            "intermediateThrowEvent",
            "boundaryEvent",
            "serviceTask",
            "userTask",
            "businessRuleTask",
            "receiveTask",
            "callActivity",
            "subProcess",
            "eventBasedGateway");

    /** Variables, literals, comparisons, and, or, not: no member access, no call, no arithmetic on anything but numbers. */
    private static final String OPERAND =
            "(?:!?[A-Za-z_][A-Za-z0-9_]*|'[^'\"${}\\\\]*'|-?\\d+(?:\\.\\d+)?|true|false|null)";

    private static final Pattern EXPRESSION = Pattern.compile(
            "[$#]\\{\\s*" + OPERAND + "(?:\\s*(?:==|!=|<=?|>=?|&&|\\|\\||\\+|-)\\s*" + OPERAND + ")*\\s*}");

    private static final Pattern BUSINESS_KEY = Pattern.compile("[$#]\\{execution\\.processBusinessKey}");
    private static final Pattern DELEGATE = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9]*)}");

    private final Set<String> steps;

    ModelCheck(List<JourneyStep> steps) {
        this.steps = steps.stream().map(JourneyStep::name).collect(Collectors.toUnmodifiableSet());
    }

    /** @param knownText whether a text of that key is published */
    List<ModelFinding> check(Bundle bundle, Map<String, byte[]> files, Predicate<String> knownText) {
        List<ModelFinding> findings = new ArrayList<>();
        Set<String> processes = new HashSet<>();
        Set<String> decisions = new HashSet<>();
        Set<String> forms = bundle.forms().stream().map(ModelCheck::stem).collect(Collectors.toSet());
        List<Parsed> models = new ArrayList<>();
        files.forEach((name, content) -> {
            if (name.endsWith(".form")) {
                return;
            }
            Document document = parse(name, content, findings);
            if (document == null) {
                return;
            }
            ids(document, BPMN, "process").forEach(processes::add);
            ids(document, "*", "decision").forEach(decisions::add);
            models.add(new Parsed(name, document));
        });
        if (!processes.contains(bundle.process())) {
            findings.add(new ModelFinding(
                    bundle.key(),
                    null,
                    null,
                    "no process has the id " + bundle.process(),
                    "Give the starting process that id"));
        }
        for (String text : bundle.texts()) {
            if (!knownText.test(text)) {
                findings.add(new ModelFinding(
                        bundle.key(),
                        null,
                        null,
                        "the text " + text + " is not published",
                        "Add texts/" + text + ".yaml"));
            }
        }
        for (Parsed model : models) {
            Walk walk = new Walk(model.file(), findings, processes, decisions, forms, Set.copyOf(bundle.texts()));
            Element root = model.document().getDocumentElement();
            if (model.file().endsWith(".dmn")) {
                walk.decisions(root);
            } else {
                walk.walk(root);
            }
        }
        return findings;
    }

    private record Parsed(String file, Document document) {}

    private static @Nullable Document parse(String file, byte[] content, List<ModelFinding> findings) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(content));
        } catch (SAXException | IOException e) {
            findings.add(new ModelFinding(
                    file,
                    null,
                    null,
                    "it is no XML that is accepted (" + e.getMessage() + ")",
                    "Save it again from the Modeler; a DOCTYPE is never accepted"));
            return null;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> ids(Document document, String namespace, String element) {
        Set<String> ids = new HashSet<>();
        NodeList found = document.getElementsByTagNameNS(namespace, element);
        for (int n = 0; n < found.getLength(); n++) {
            ids.add(((Element) found.item(n)).getAttribute("id"));
        }
        return ids;
    }

    private static String stem(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }

    private final class Walk {

        private final String file;
        private final List<ModelFinding> findings;
        private final Set<String> processes;
        private final Set<String> decisions;
        private final Set<String> forms;
        private final Set<String> texts;

        Walk(
                String file,
                List<ModelFinding> findings,
                Set<String> processes,
                Set<String> decisions,
                Set<String> forms,
                Set<String> texts) {
            this.file = file;
            this.findings = findings;
            this.processes = processes;
            this.decisions = decisions;
            this.forms = forms;
            this.texts = texts;
        }

        void walk(Element element) {
            String namespace = element.getNamespaceURI();
            String name = element.getLocalName();
            if (BPMN.equals(namespace)) {
                if (!ELEMENTS.contains(name)) {
                    found(
                            element,
                            "the element " + name + " is not allowed in a journey",
                            "Use a service task, a decision or a call activity instead");
                    return;
                }
                bpmn(element, name);
            } else if (CAMUNDA.equals(namespace)) {
                if (!EXTENSION_ELEMENTS.contains(name)) {
                    found(
                            element,
                            "the extension " + name + " is not allowed",
                            "Remove it; listeners, connectors and scripts are not part of journeys");
                    return;
                }
            } else if (DRAWING.contains(String.valueOf(namespace))) {
                return;
            } else {
                found(element, "the element " + element.getTagName() + " is of an unknown kind", "Remove it");
                return;
            }
            attributes(element);
            text(element);
            for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
                if (child instanceof Element nested) {
                    walk(nested);
                }
            }
        }

        private void bpmn(Element element, String name) {
            if (READ_BY_PEOPLE.contains(name) && element.getAttribute("name").isBlank()) {
                found(element, "it has no label", "Say in plain words what happens here");
            }
            switch (name) {
                case "process" -> {
                    if (element.getAttributeNS(CAMUNDA, "historyTimeToLive").isBlank()) {
                        found(element, "it has no time to live", "Set the history time to live, for example P400D");
                    }
                }
                case "serviceTask" -> {
                    if (element.getAttributeNS(CAMUNDA, "delegateExpression").isBlank()) {
                        found(element, "it does nothing", "Give it one of the building blocks: " + sorted());
                    }
                }
                case "userTask" -> {
                    String form = element.getAttributeNS(CAMUNDA, "formRef");
                    if (!forms.contains(form)) {
                        found(
                                element,
                                "its form " + (form.isBlank() ? "is missing" : form + " is not in the bundle"),
                                "Name a form of the bundle");
                    }
                    mustBind(element, "formRefBinding");
                }
                case "callActivity" -> {
                    if (!processes.contains(element.getAttribute("calledElement"))) {
                        found(
                                element,
                                "the process " + element.getAttribute("calledElement") + " is not in the bundle",
                                "Add it, or correct the called element");
                    }
                    mustBind(element, "calledElementBinding");
                }
                case "businessRuleTask" -> {
                    if (!decisions.contains(element.getAttributeNS(CAMUNDA, "decisionRef"))) {
                        found(
                                element,
                                "the decision " + element.getAttributeNS(CAMUNDA, "decisionRef")
                                        + " is not in the bundle",
                                "Add it, or correct the decision reference");
                    }
                    mustBind(element, "decisionRefBinding");
                }
                default -> {}
            }
        }

        private void mustBind(Element element, String attribute) {
            if (!element.getAttributeNS(CAMUNDA, attribute).equals("deployment")) {
                found(
                        element,
                        "its " + attribute + " is not \"deployment\"",
                        "Set it, so that running journeys keep the version they were approved with");
            }
        }

        private void attributes(Element element) {
            NamedNodeMap attributes = element.getAttributes();
            for (int n = 0; n < attributes.getLength(); n++) {
                attribute(element, (Attr) attributes.item(n));
            }
        }

        private void attribute(Element element, Attr attribute) {
            String namespace = attribute.getNamespaceURI();
            String name = attribute.getLocalName();
            if (namespace != null && DRAWING.contains(namespace)) {
                return;
            }
            if (namespace != null && !namespace.equals(CAMUNDA)) {
                found(element, "the attribute " + attribute.getName() + " is of an unknown kind", "Remove it");
            } else if (namespace != null && !EXTENSION_ATTRIBUTES.contains(name)) {
                found(
                        element,
                        "camunda:" + name + " is not allowed",
                        "Use a delegate expression of our building blocks: " + sorted());
            } else if (namespace == null && LANGUAGES.contains(name)) {
                found(
                        element,
                        "the attribute " + name + " is not allowed",
                        "Remove it; conditions compare variables with values and nothing else runs");
            } else if (namespace != null && name.equals("delegateExpression")) {
                delegate(element, attribute.getValue());
            } else {
                template(element, attribute);
                expression(element, attribute.getValue());
            }
        }

        void decisions(Element element) {
            String language = element.getAttribute("expressionLanguage");
            if (!language.isEmpty() && !language.toLowerCase(Locale.ROOT).contains("feel")) {
                found(element, "its expression language is " + language, "Write decisions in FEEL");
            }
            for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
                if (child instanceof Element nested) {
                    decisions(nested);
                }
            }
        }

        private void delegate(Element element, String value) {
            var matcher = DELEGATE.matcher(value);
            if (!matcher.matches() || !steps.contains(matcher.group(1))) {
                found(element, value + " is not a building block", "Use one of " + sorted());
            }
        }

        private void template(Element element, Attr attribute) {
            boolean namesText = element.getLocalName().equals("in")
                    && element.getAttribute("target").equals("template")
                    && attribute.getName().equals("sourceExpression");
            if (namesText && !texts.contains(attribute.getValue())) {
                found(
                        (Element) element.getParentNode().getParentNode(),
                        "the text " + attribute.getValue() + " is not in the bundle",
                        "Add it to the bundle's texts");
            }
        }

        private void text(Element element) {
            for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
                if (child.getNodeType() == Node.TEXT_NODE || child.getNodeType() == Node.CDATA_SECTION_NODE) {
                    if (!element.getLocalName().equals("documentation")
                            && !element.getLocalName().equals("text")) {
                        expression(element, child.getNodeValue());
                    }
                }
            }
        }

        private void expression(Element element, @Nullable String value) {
            if (value == null || (!value.contains("${") && !value.contains("#{"))) {
                return;
            }
            String trimmed = value.strip();
            if (!EXPRESSION.matcher(trimmed).matches()
                    && !BUSINESS_KEY.matcher(trimmed).matches()) {
                found(
                        element,
                        "the expression is not of an allowed form",
                        "Compare variables with values, nothing more: ${answer == 'confirm'}");
            }
        }

        private void found(Element element, String problem, String mend) {
            Element named = element;
            while (named.getAttribute("id").isEmpty() && named.getParentNode() instanceof Element parent) {
                named = parent;
            }
            String id = named.getAttribute("id");
            String name = named.getAttribute("name");
            findings.add(new ModelFinding(file, id.isEmpty() ? null : id, name.isEmpty() ? null : name, problem, mend));
        }

        private String sorted() {
            return steps.stream().sorted().collect(Collectors.joining(", "));
        }
    }
}
