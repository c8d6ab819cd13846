package health.throughline.consent;

import org.jspecify.annotations.Nullable;

/**
 * The rules a decision applies; one version of all together is what the decision names. Decisions of before there was a file are taken
 * again without it.
 */
record Rules(
        QuietHours quietHours,
        Budgets budgets,
        @Nullable Revocations revocations,
        @Nullable Authority authority,
        @Nullable Reassigned reassigned) {}
