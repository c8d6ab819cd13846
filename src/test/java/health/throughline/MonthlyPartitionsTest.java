package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The tables that are kept by month have their months ahead however long the product runs. */
class MonthlyPartitionsTest extends ThroughlineTest {

    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("yyyyMM");

    @Autowired
    private MonthlyPartitions partitions;

    @Test
    void makesTheMonthsThatTheInstallationDidNot() {
        LocalDate later = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plus(Period.ofMonths(16));
        List<String> tables = List.of("message", "inbound", "send_decision", "engagement", "source_record");
        partitions.from(later);
        partitions.from(later);
        assertThat(tables)
                .allSatisfy(table -> assertThat(partitionOf(table, later.plusMonths(14)))
                        .as("%s in %s", table, later)
                        .isTrue());
        assertThat(partitionOf("message", later.plusMonths(15))).isFalse();
    }

    private boolean partitionOf(String table, LocalDate month) {
        return asOwner()
                .sql("select exists (select 1 from pg_inherits where inhparent = cast(? as regclass)"
                        + " and inhrelid = to_regclass(?))")
                .params(table, table + "_" + MONTH.format(month))
                .query(Boolean.class)
                .single();
    }
}
