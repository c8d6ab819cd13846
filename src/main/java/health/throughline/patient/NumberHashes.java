package health.throughline.patient;

import health.throughline.encryption.Encryption;
import health.throughline.encryption.KeyedHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives addresses of before there was one the hash by which voice and text to one number are known as one. */
@Component
class NumberHashes implements SmartInitializingSingleton {

    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Encryption encryption;
    private final KeyedHash hash;

    NumberHashes(JdbcClient jdbc, TransactionTemplate transaction, Encryption encryption, KeyedHash hash) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.encryption = encryption;
        this.hash = hash;
    }

    private record Plain(UUID id, String value) {}

    @Override
    public void afterSingletonsInstantiated() {
        UUID after = FIRST;
        List<Plain> batch;
        do {
            UUID from = after;
            batch = Objects.requireNonNull(transaction.execute(status -> fill(from)));
            after = batch.isEmpty() ? after : batch.getLast().id();
        } while (batch.size() == BATCH);
    }

    private List<Plain> fill(UUID after) {
        List<Plain> without =
                jdbc.sql("""
                    select id, value from address where number_hash is null and channel in ('sms', 'voice') and id > ?
                    order by id limit ?\
                    """).params(after, BATCH).query(this::plain).list();
        for (Plain each : without) {
            byte[] number = JdbcAddresses.numberHash(hash, each.value());
            if (number != null) {
                jdbc.sql("update address set number_hash = ? where id = ?")
                        .params(number, each.id())
                        .update();
            }
        }
        return without;
    }

    private Plain plain(ResultSet row, int n) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new Plain(
                id,
                encryption.decrypt(
                        encryption.systemKey(), new Encryption.Field("address", "value", id), row.getBytes("value")));
    }
}
