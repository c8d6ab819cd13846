package health.throughline.journey;

import health.throughline.care.EhrAnswered;

/** The EHR did not take what the patient answered, and no journey waits to act on it: a person has to. */
public record EhrDisagrees(EhrAnswered said) {}
