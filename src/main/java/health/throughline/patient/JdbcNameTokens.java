package health.throughline.patient;

import health.throughline.encryption.KeyedHash;
import health.throughline.patient.NameTokens.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps the hashed name tokens and finds patients by them. */
@Repository
class JdbcNameTokens {

    private final JdbcClient jdbc;
    private final KeyedHash hash;

    JdbcNameTokens(JdbcClient jdbc, KeyedHash hash) {
        this.jdbc = jdbc;
        this.hash = hash;
    }

    void replace(UUID patient, Set<Token> tokens) {
        jdbc.sql("delete from patient_name_token where patient_id = :patient")
                .param("patient", patient)
                .update();
        add(patient, tokens);
    }

    void add(UUID patient, Set<Token> tokens) {
        jdbc.sql("""
                insert into patient_name_token (patient_id, kind, token)
                select :patient, t.kind, t.token from unnest(:kinds::text[], :tokens::bytea[]) as t (kind, token)
                on conflict do nothing""")
                .param("patient", patient)
                .param("kinds", tokens.stream().map(Token::kind).toArray(String[]::new))
                .param("tokens", hashes(tokens))
                .update();
    }

    List<UUID> find(List<Set<Token>> wanted, Optional<UUID> after, int limit) {
        var sql = new StringBuilder("select p.id from patient p where p.status <> 'merged'");
        var parameters = new ArrayList<@Nullable Object>();
        if (after.isPresent()) {
            sql.append(" and p.id > ?");
            parameters.add(after.get());
        }
        for (Set<Token> any : wanted) {
            sql.append(
                    " and p.id in (select t.patient_id from patient_name_token t"
                            + " join unnest(?::text[], ?::bytea[]) as w (kind, token) on t.kind = w.kind and t.token = w.token)");
            parameters.add(any.stream().map(Token::kind).toArray(String[]::new));
            parameters.add(hashes(any));
        }
        sql.append(" order by p.id limit ?");
        parameters.add(limit);
        return jdbc.sql(sql.toString()).params(parameters).query(UUID.class).list();
    }

    private byte[][] hashes(Collection<Token> tokens) {
        return tokens.stream()
                .map(token -> hash.of("patient_name_token." + token.kind(), token.value()))
                .toArray(byte[][]::new);
    }
}
