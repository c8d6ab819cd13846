package health.throughline.coordination;

import health.throughline.access.AccessScope;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does in one transaction, with the product's own view of the rows, what a person asked for and was found to be allowed: budgets and open
 * calls of a department the person does not see count too. Who acts stays who they are.
 */
@Component
class AsProduct {

    private final TransactionTemplate transaction;

    AsProduct(TransactionTemplate transaction) {
        this.transaction = transaction;
    }

    /** In a transaction with the caller's own rights: for finding out whether they may. */
    <T> T asCaller(Supplier<T> work) {
        return java.util.Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    /** Outside a transaction only: one that is open keeps the rights it began with. */
    <T> T run(Supplier<T> work) {
        return AccessScope.system().run(() -> asCaller(work));
    }
}
