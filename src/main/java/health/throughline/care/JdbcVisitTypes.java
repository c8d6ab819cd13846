package health.throughline.care;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the visit types of each source; read once, for they change with the rules only. */
@Repository
class JdbcVisitTypes implements VisitTypes {

    private static final TypeReference<Map<String, String>> NAMES = new TypeReference<>() {};

    private static final String SENSITIVE = "sensitive";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Map<String, Map<String, VisitType>> bySource = new ConcurrentHashMap<>();

    JdbcVisitTypes(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Optional<VisitType> find(String source, String code) {
        return Optional.ofNullable(bySource.computeIfAbsent(source, this::read).get(code));
    }

    @Override
    public boolean known(String source, String code) {
        return find(source, code).isPresent();
    }

    @Override
    @Transactional(readOnly = true)
    public boolean isSensitive(String source, String code) {
        return find(source, code)
                .filter(type -> type.visitClass().equals(SENSITIVE))
                .isPresent();
    }

    @Override
    public String display(String source, String code) {
        return find(source, code).map(VisitType::display).orElse(code);
    }

    @Transactional
    public void save(String source, List<VisitType> types) {
        for (VisitType type : types) {
            jdbc.sql("""
                insert into visit_type as v (source, code, display, class, patient_safe_name)
                values (:source, :code, :display, :class, :names::jsonb)
                on conflict (source, code) do update
                    set display = excluded.display, class = excluded.class, patient_safe_name = excluded.patient_safe_name
                    where (v.display, v.class, v.patient_safe_name)
                        is distinct from (excluded.display, excluded.class, excluded.patient_safe_name)\
                """)
                    .param("source", source)
                    .param("code", type.code())
                    .param("display", type.display())
                    .param("class", type.visitClass())
                    .param("names", json.writeValueAsString(type.patientSafeName()))
                    .update();
        }
        bySource.remove(source);
    }

    private Map<String, VisitType> read(String source) {
        var types = new ConcurrentHashMap<String, VisitType>();
        jdbc.sql("select * from visit_type where source = :source")
                .param("source", source)
                .query((row, n) -> new VisitType(
                        row.getString("code"),
                        row.getString("display"),
                        row.getString("class"),
                        json.readValue(Objects.requireNonNullElse(row.getString("patient_safe_name"), "{}"), NAMES)))
                .list()
                .forEach(type -> types.put(type.code(), type));
        return types;
    }
}
