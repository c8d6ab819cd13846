package health.throughline.access;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells row-level security, at the start of every transaction and only for it, whose rows may be seen. A statement outside a
 * transaction sees no protected row.
 */
class ScopedTransactionManager extends JdbcTransactionManager {

    private static final String SET_SCOPE = "select set_config('throughline.scope', ?, true)";

    ScopedTransactionManager(DataSource dataSource) {
        super(dataSource);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        DataSource dataSource = obtainDataSource();
        ConnectionHolder holder = (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
        if (holder == null) {
            throw new CannotCreateTransactionException("The transaction has no connection to set its rights on");
        }
        try (PreparedStatement statement = holder.getConnection().prepareStatement(SET_SCOPE)) {
            statement.setString(1, AccessScope.current().setting());
            statement.execute();
        } catch (SQLException e) {
            doCleanupAfterCompletion(transaction);
            throw new CannotCreateTransactionException("The transaction's rights could not be set", e);
        }
    }
}
