package health.throughline.consent;

import health.throughline.channel.Channel;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The append-only ledger of what people allowed and refused. The authority; a carrier's list is only evidence (K7). */
public interface ConsentLedger {

    /**
     * Appends a grant. A repeat of the same words changes nothing. It overrules a revocation only if it was said later and names what was
     * revoked: the address, where that was about an address; the purpose, where that was about a purpose. A grant of every purpose by
     * {@code sms-keyword} (a bare START) names nothing and overrules none (K6).
     *
     * @param purpose none means every purpose but marketing
     */
    void grant(PartyId party, @Nullable AddressId address, @Nullable Purpose purpose, Statement statement);

    /**
     * Appends a revocation, after locking the address, or where it is about all of theirs the patient, so that no attempt that it forbids
     * starts once the transaction commits (R13). A transaction that goes on to other addresses names them all at once. Whom and what
     * it reaches besides, by which channels, the table of revocations says by {@link Statement#how} (K5): the same number over voice and
     * text, and where it was said outside the carriers' channels everything of those reached there.
     *
     * @param party none when only the address is known: then everybody reached there is meant
     * @param purpose none where none is named: every purpose, while "revoke all" is on
     */
    void revoke(@Nullable PartyId party, @Nullable AddressId address, @Nullable Purpose purpose, Statement statement);

    /** The same, for everybody at each of the addresses, said once: all are locked before anything is written. */
    void revokeAt(Set<AddressId> addresses, Statement statement);

    /** The carrier refuses this address for this sender (Twilio 21610): recorded as an opt-out of the address (K7). Idempotent. */
    void blockedByCarrier(AddressId address, String sender, Instant when, String evidence);

    /**
     * The patient's START lifted the carrier's block of an earlier stop. Our ledger stays as it is: a grant that names what it restores has
     * to be recorded besides (K6). Does nothing where a later block stands. Idempotent.
     */
    void liftedByCarrier(AddressId address, String sender, Instant when);

    /** What a single word or an unmistakable carrier keyword means, exactly; none for anything longer (K3). Pure. */
    Keyword keyword(String text);

    /** How words that came by that channel are told in the table of revocations, for example {@code email-wording}. */
    static String how(Channel channel, Manner manner) {
        return channel.code() + "-" + manner.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether the carrier of that channel itself answers the word, so that we do not (K5, K6). Pure. */
    boolean carrierAnswers(Channel channel, String text);

    /** Unmistakable words against any further message in a language whose replies are read by people only. Pure. */
    boolean refuses(String text);

    /** All that was ever said by the party or about the addresses, newest first, at most 200. */
    List<Entry> history(PartyId party);

    /**
     * @param how {@code sms-keyword}, {@code email-unsubscribe}, {@code voice-key}, {@code chat-wording}, {@code portal},
     *     {@code intake-form}, {@code staff}, {@code carrier}, {@code ehr} …: the table of revocations has a row for each
     * @param actor who took it down
     * @param wording the words themselves, stored encrypted; none where there were none
     * @param evidence an id that leads to the proof, for example the inbound message's
     * @param channels the channels the words name, with commas; {@code *} where they name none
     * @param programme key of the one journey a grant is for; none for all
     */
    record Statement(
            String how,
            String actor,
            @Nullable String wording,
            String scope,
            String evidence,
            Instant saidAt,
            String channels,
            @Nullable String programme) {

        /** Of no channel and no programme in particular. */
        public Statement(
                String how, String actor, @Nullable String wording, String scope, String evidence, Instant saidAt) {
            this(how, actor, wording, scope, evidence, saidAt, "*", null);
        }
    }

    /** In what manner a patient says something by a channel. */
    enum Manner {
        /** An exact word that is the whole message. */
        KEYWORD,
        /** Free words. */
        WORDING,
        /** A key pressed on the phone. */
        KEY,
        /** The link in a mail. */
        UNSUBSCRIBE,
        /** Words that nothing proves to be by whom they name. */
        UNPROVEN
    }

    record Entry(String action, String purpose, String how, String scope, Instant saidAt, boolean wholeAddress) {}

    /** Exact carrier keywords. */
    enum Keyword {
        NONE,
        OPT_OUT,
        /** A bare CANCEL: an opt-out at the carrier whatever the patient meant (K4). */
        CANCEL,
        /** START, UNSTOP or a bare YES: it lifts the carrier's block; what a YES means besides, the open question decides (K6). */
        OPT_IN,
        HELP
    }
}
