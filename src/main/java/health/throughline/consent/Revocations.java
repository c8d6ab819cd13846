package health.throughline.consent;

import com.fasterxml.jackson.annotation.JsonProperty;
import health.throughline.consent.SendFacts.Said;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a revocation reaches, by how it was made (K5); the content of {@code rules/revocations}.
 *
 * @param confirmWithin after it a confirmation comes too late to be sent
 * @param otherwise for a way that has no row: the furthest
 */
record Revocations(Duration confirmWithin, Map<String, Reach> triggers, Reach otherwise) {

    private static final String EVERY = "*";

    /** Whom it speaks for. */
    enum Persons {
        @JsonProperty("everybody-there")
        EVERYBODY_THERE,
        @JsonProperty("the-person")
        THE_PERSON
    }

    /** Where it holds for them. */
    enum Addresses {
        @JsonProperty("this-address")
        THIS_ADDRESS,
        /** Voice and text to one number are one. */
        @JsonProperty("same-number")
        SAME_NUMBER,
        @JsonProperty("all-of-theirs")
        ALL_OF_THEIRS
    }

    /** Of what; always of what it names, where it names something. */
    enum Purposes {
        @JsonProperty("all")
        ALL,
        /** All, unless the setting "revoke all" is off: then of what was sent there last. */
        @JsonProperty("all-by-setting")
        ALL_BY_SETTING
    }

    /**
     * @param channels codes, or {@code *}
     * @param spares channels it does not touch: those the person opens and closes themselves
     */
    record Reach(Persons persons, Addresses addresses, List<String> channels, List<String> spares, Purposes purposes) {

        boolean touches(String channel) {
            return (channels.contains(EVERY) || channels.contains(channel)) && !spares.contains(channel);
        }
    }

    Reach of(String how) {
        return triggers.getOrDefault(how, otherwise);
    }

    /** Whether it holds for a message by that channel to the party or address it stands in the facts of. */
    boolean reaches(Said revoked, String channel) {
        Reach reach = of(revoked.how());
        boolean there = !revoked.sameNumber() || reach.addresses() != Addresses.THIS_ADDRESS;
        return there && (revoked.namesChannels() ? revoked.isFor(channel) : reach.touches(channel));
    }
}
