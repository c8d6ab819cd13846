package health.throughline.care;

import java.util.Map;

/** A kind of visit of a source: what may be said of it, and how its reminders go. */
record VisitType(String code, String display, String visitClass, Map<String, String> patientSafeName) {}
