package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The first text a number ever gets from us says who speaks, and how to stop and to get help, whoever wrote it (K6). */
@Component
class Introduction {

    private static final String TEXT = "introduction";
    private static final String STOP = "STOP";
    private static final String HELP = "HELP";

    private final JdbcClient jdbc;
    private final Texts texts;
    private final Organization organization;

    Introduction(JdbcClient jdbc, Texts texts, Organization organization) {
        this.jdbc = jdbc;
        this.texts = texts;
        this.organization = organization;
    }

    /** The same words, with a line behind them where they are the first and do not say it themselves. */
    String of(String body, Channel channel, AddressId address, OrgUnitId unit, String language) {
        if (!channel.equals(Channel.SMS) || body.contains(STOP) && body.contains(HELP) || !isFirst(address)) {
            return body;
        }
        String provider = organization
                .ancestor(unit, OrgUnit.Kind.HOSPITAL)
                .map(OrgUnit::patientSafeName)
                .orElse(null);
        return texts.find(TEXT, channel.code(), language)
                .map(text ->
                        body + "\n" + text.render(Map.of("provider", Objects.requireNonNullElse(provider, "none"))))
                .orElse(body);
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
