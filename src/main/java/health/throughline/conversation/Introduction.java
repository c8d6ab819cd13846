package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Who speaks: the first text a number ever gets from us says it, and how to stop and to get help, whoever wrote it (K6); so does a later one
 * that a person writes unasked (K2).
 */
@Component
class Introduction {

    private static final String TEXT = "introduction";
    private static final String STOP = "STOP";
    private static final String HELP = "HELP";
    private static final String PROVIDER = "provider";

    private final JdbcClient jdbc;
    private final Texts texts;
    private final Organization organization;

    Introduction(JdbcClient jdbc, Texts texts, Organization organization) {
        this.jdbc = jdbc;
        this.texts = texts;
        this.organization = organization;
    }

    /**
     * The words as they go: with a line behind them where they are the first and do not say it themselves; with the name before them where
     * a person writes and nobody there has just asked.
     */
    String of(Text text, String body, Channel channel, AddressId address, OrgUnitId unit, boolean solicited) {
        if (!channel.equals(Channel.SMS)) {
            return body;
        }
        Optional<String> provider = provider(unit);
        if (!(body.contains(STOP) && body.contains(HELP)) && isFirst(address)) {
            return texts.find(TEXT, channel.code(), text.locale())
                    .map(line -> body + "\n" + line.render(Map.of(PROVIDER, provider.orElse("none"))))
                    .orElse(body);
        }
        boolean unknown = text.isSpoken() && !solicited && !names(text, body, channel, unit);
        return unknown ? provider.map(name -> named(name, body)).orElse(body) : body;
    }

    /** Whether that is how the words went, or would go. */
    boolean isOf(String said, String words, OrgUnitId unit) {
        return said.equals(words)
                || said.startsWith(words + "\n")
                || provider(unit)
                        .filter(name -> said.equals(named(name, words)))
                        .isPresent();
    }

    private static String named(String provider, String words) {
        return provider + ": " + words;
    }

    /** Whether they say who writes; every call says who calls (K16). */
    boolean names(Text text, String body, Channel channel, OrgUnitId unit) {
        return !channel.equals(Channel.SMS)
                || text.variables().contains(PROVIDER)
                || provider(unit).filter(body::contains).isPresent();
    }

    private Optional<String> provider(OrgUnitId unit) {
        return organization.ancestor(unit, OrgUnit.Kind.HOSPITAL).map(OrgUnit::patientSafeName);
    }

    /** Whoever wrote to us first knows us. */
    private boolean isFirst(AddressId address) {
        return !jdbc.sql("""
                        select exists (select 1 from dispatch where address_id = :address and provider_id is not null)
                            or exists (select 1 from inbound where address_id = :address)
                        """)
                .param("address", address.value())
                .query(Boolean.class)
                .single();
    }
}
