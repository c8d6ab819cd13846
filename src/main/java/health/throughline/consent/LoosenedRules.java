package health.throughline.consent;

import health.throughline.audit.Audit;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Tells the audit, at every start, which strict reading of the law a setting has loosened. */
@Component
class LoosenedRules implements SmartInitializingSingleton {

    private final ConsentSettings settings;
    private final Audit audit;
    private final TransactionTemplate transaction;

    LoosenedRules(ConsentSettings settings, Audit audit, TransactionTemplate transaction) {
        this.settings = settings;
        this.audit = audit;
        this.transaction = transaction;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!settings.revokeAll()) {
            tell("revoke-all", "off");
        }
        if (settings.noDataMay()) {
            tell("no-data-may", "on");
        }
    }

    private void tell(String setting, String value) {
        transaction.executeWithoutResult(status -> audit.record(
                Audit.Entry.done("consent.loosened", "setting", setting, null).with("value", value)));
    }
}
