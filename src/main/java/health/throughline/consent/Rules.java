package health.throughline.consent;

/** The rules a decision applies; one version of both together is what the decision names. */
record Rules(QuietHours quietHours, Budgets budgets) {}
