package health.throughline.consent;

import static health.throughline.consent.Facts.aText;
import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.Channel;
import health.throughline.consent.SendFacts.Point;
import health.throughline.patient.PatientStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One test for each rule, named by its number in the list of rules. */
class ConsentRulesTest {

    @Test
    void tellsWhyInOneSentence() {
        Verdict verdict = aText().withoutConsent()
                .granted("operational", "intake-form", false, "2026-03-01T18:00:00Z")
                .livingIn("America/Boise", "ID")
                .withPhone("+12085550123")
                .at("2026-03-12T18:00:00Z")
                .after("2026-03-12T16:00:00Z")
                .decided();
        assertThat(verdict)
                .isEqualTo(new Verdict.May(
                        "K1.consent",
                        "May go by text: consent given 1 March 2026 by intake form; inside 8–21 in both zones of +1"
                                + " 208; 1 of 2 messages in 24 hours."));
    }

    @Test
    void k1MarketingNeedsWrittenConsent() {
        mayNot(aText().about(Purpose.MARKETING), "K1.no-written-consent");
        mayNot(
                aText().about(Purpose.MARKETING).granted("marketing", "staff", false, "2026-02-01T12:00:00Z"),
                "K1.no-written-consent");
        may(aText().about(Purpose.MARKETING).granted("marketing", "intake-form", false, "2026-02-01T12:00:00Z"));
    }

    @Test
    void k1AGrantReachesAsFarAsItsPurpose() {
        Facts operationalOnly = aText().withoutConsent().granted("operational", "staff", false, "2026-02-01T12:00:00Z");
        may(operationalOnly);
        mayNot(operationalOnly.about(Purpose.BILLING), "K1.no-consent");
    }

    @Test
    void k2TheExemptionAllowsOneADayAndThreeAWeekOverVoiceAndText() {
        Facts first = aText().withoutConsent();
        assertThat(first.decided().reason()).isEqualTo("K2.exemption");
        later(first.after("2026-03-11T20:00:00Z"), "2026-03-12T20:00:00Z", "K2.budget");
        mayNot(first.after("2026-03-11T15:00:00Z", "2026-03-09T15:00:00Z", "2026-03-08T15:00:00Z"), "K2.budget");
        may(first.by(Channel.VOICE).after());
    }

    @Test
    void k2TheExemptionEndsAt160Characters() {
        may(aText().withoutConsent().ofLength(160));
        mayNot(aText().withoutConsent().ofLength(161), "K2.exemption-length");
        may(aText().ofLength(161));
    }

    @Test
    void k2TheExemptionIsForMessagesThatNameTheProvider() {
        mayNot(aText().withoutConsent().namingNobody(), "K2.exemption-unnamed");
        may(aText().withoutConsent().namingNobody().asAnAnswer());
        may(aText().namingNobody());
    }

    @Test
    void k2TheExemptionCoversNeitherBillsNorAdvertisingNorMail() {
        mayNot(aText().withoutConsent().about(Purpose.BILLING), "K1.no-consent");
        mayNot(aText().withoutConsent().about(Purpose.MARKETING), "K1.no-written-consent");
        mayNot(aText().withoutConsent().by(Channel.EMAIL), "K1.no-consent");
    }

    @Test
    void k2KeepsTheBudgetOfThePurpose() {
        may(aText().after("2026-03-12T14:00:00Z"));
        later(aText().after("2026-03-12T15:00:00Z", "2026-03-11T18:30:00Z"), "2026-03-12T18:30:00Z", "K2.budget");
        may(aText().after("2026-03-12T15:00:00Z", "2026-03-11T16:00:00Z"));
        // twice a month is all the advertising there is; a month is too long to wait
        mayNot(
                aText().about(Purpose.MARKETING)
                        .granted("marketing", "intake-form", false, "2026-02-01T12:00:00Z")
                        .after("2026-03-12T15:00:00Z", "2026-03-11T15:00:00Z"),
                "K2.budget");
    }

    @Test
    void k2ABudgetThatFreesAtNightWaitsForTheMorning() {
        later(
                aText().at("2026-03-12T22:00:00Z").after("2026-03-12T21:00:00Z", "2026-03-12T02:00:00Z"),
                "2026-03-13T12:00:00Z",
                "K2.budget");
    }

    @Test
    void k2UrgentAndSolicitedStandOutsideTheBudgetsAndSaySo() {
        Facts spent = aText().after("2026-03-12T15:00:00Z", "2026-03-12T14:00:00Z");
        assertThat(may(spent.asAnAnswer()).sentence()).contains("counts in no budget");
        assertThat(may(aText().urgent().after("2026-03-12T15:00:00Z", "2026-03-12T14:00:00Z"))
                        .sentence())
                .contains("counts in no budget");
    }

    @Test
    void k3TheLatestStatementWins() {
        Facts stopped = aText().revoked("*", true, false, "2026-03-01T12:00:00Z");
        mayNot(stopped, "K3.revoked");
        may(stopped.granted("*", "staff", false, "2026-03-02T12:00:00Z"));
        mayNot(stopped.revoked("operational", true, false, "2026-03-03T12:00:00Z"), "K3.revoked");
    }

    @Test
    void k3ARevocationWinsOverAGrantOfTheSameInstant() {
        mayNot(
                aText().revoked("*", true, true, "2026-03-01T12:00:00Z")
                        .granted("*", "staff", true, "2026-03-01T12:00:00Z"),
                "K3.revoked");
    }

    @Test
    void k3AnAddressWideRevocationCoversEverybodyThere() {
        Facts shared = aText().revoked("*", false, true, "2026-03-01T12:00:00Z");
        mayNot(shared, "K3.revoked");
        mayNot(shared.granted("*", "intake-form", false, "2026-03-02T12:00:00Z"), "K3.revoked");
        may(shared.granted("*", "staff", true, "2026-03-02T13:00:00Z"));
    }

    @Test
    void k3AGrantMustNameThePurposeThatWasRevoked() {
        Facts noBills = aText().about(Purpose.BILLING).revoked("billing", true, false, "2026-03-01T12:00:00Z");
        mayNot(noBills.granted("*", "intake-form", true, "2026-03-02T12:00:00Z"), "K3.revoked");
        may(noBills.granted("billing", "intake-form", false, "2026-03-02T12:00:00Z"));
    }

    @Test
    void k3ARevocationOfOnePurposeLeavesTheOthers() {
        may(aText().revoked("billing", false, true, "2026-03-01T12:00:00Z"));
    }

    @Test
    void k3ARevocationHoldsForAnswersAndUrgentMessagesToo() {
        mayNot(aText().asAnAnswer().revoked("*", false, true, "2026-03-01T12:00:00Z"), "K3.revoked");
        mayNot(aText().urgent().revoked("*", false, true, "2026-03-01T12:00:00Z"), "K3.revoked");
    }

    @Test
    void k6AReplayedStartNeverUndoesALaterStop() {
        mayNot(
                aText().revoked("*", false, true, "2026-03-05T12:00:00Z")
                        .granted("operational", "sms-keyword", true, "2026-03-04T12:00:00Z"),
                "K3.revoked");
    }

    @Test
    void k6AStartRestoresOnlyWhatItNames() {
        Facts stopped = aText().revoked("*", false, true, "2026-03-04T12:00:00Z");
        mayNot(stopped.granted("*", "sms-keyword", true, "2026-03-05T12:00:00Z"), "K3.revoked");
        may(stopped.granted("operational", "sms-keyword", true, "2026-03-05T12:00:00Z"));
        mayNot(stopped.about(Purpose.CARE), "K3.revoked");
    }

    @Test
    void k7TheCarriersBlockStopsASend() {
        mayNot(aText().blockedByTheCarrier(), "K7.carrier-block");
    }

    @Test
    void k5AStopByTextStopsCallsToTheSameNumberAndAKeyPressedStopsTexts() {
        mayNot(aText().by(Channel.VOICE).refused("sms-keyword", true, "*", "2026-03-01T12:00:00Z"), "K3.revoked");
        mayNot(aText().refused("voice-key", true, "*", "2026-03-01T12:00:00Z"), "K3.revoked");
        assertThat(aText().refused("voice-key", true, "*", "2026-03-01T12:00:00Z")
                        .decided()
                        .sentence())
                .isEqualTo(
                        "Not sent by text: all messages to this number were refused on 1 March 2026 by pressing a key"
                                + " in a call.");
    }

    @Test
    void k5AGrantForTextsDoesNotBringCallsBack() {
        Facts stopped = aText().refused("sms-keyword", true, "*", "2026-03-01T12:00:00Z");
        // a grant about the text's address is not among the facts of a call; one of the person names no number
        mayNot(stopped.by(Channel.VOICE).granted("*", "staff", false, "2026-03-02T12:00:00Z"), "K3.revoked");
        may(stopped.granted("*", "staff", true, "2026-03-02T12:00:00Z"));
    }

    @Test
    void k5AnUnsubscribeLinkEndsMailAndNothingElse() {
        mayNot(
                aText().by(Channel.EMAIL)
                        .withArea(Area.NONE)
                        .refused("email-unsubscribe", false, "*", "2026-03-01T12:00:00Z"),
                "K3.revoked");
        may(aText().refused("email-unsubscribe", false, "*", "2026-03-01T12:00:00Z"));
    }

    @Test
    void k5WordsInTheChatEndEverythingButTheChat() {
        Facts refused =
                aText().and(Facts.said(false, "*", "chat-wording", true, false, Instant.parse("2026-03-01T12:00:00Z")));
        mayNot(refused, "K3.revoked");
        mayNot(refused.by(Channel.VOICE), "K3.revoked");
        mayNot(refused.by(Channel.EMAIL), "K3.revoked");
        may(refused.by(Channel.ofCode("chat")).asAnAnswer());
    }

    @Test
    void k5AWordToANurseReachesAsFarAsItNames() {
        Facts textsOnly = aText().and(new SendFacts.Said(
                false, "*", "staff", true, false, Instant.parse("2026-03-01T12:00:00Z"), false, "sms", null, false));
        mayNot(textsOnly, "K3.revoked");
        may(textsOnly.by(Channel.VOICE));
        mayNot(
                aText().and(Facts.said(false, "*", "staff", true, false, Instant.parse("2026-03-01T12:00:00Z")))
                        .by(Channel.EMAIL),
                "K3.revoked");
    }

    @Test
    void k5AWayNobodyThoughtOfReachesFurthest() {
        mayNot(aText().refused("by-pigeon", true, "*", "2026-03-01T12:00:00Z"), "K3.revoked");
    }

    @Test
    void k5OneConfirmationWithinFiveMinutesAndNoneLater() {
        Facts refused = aText().asAnAnswer()
                .as(Courtesy.CONFIRMS_OPT_OUT)
                .refused("sms-wording", false, "*", "2026-03-12T15:55:00Z");
        assertThat(may(refused).reason()).isEqualTo("K5.confirmation");
        mayNot(refused.at("2026-03-12T16:00:01Z"), "K5.too-late");
        mayNot(aText().asAnAnswer().as(Courtesy.CONFIRMS_OPT_OUT), "K5.nothing-to-confirm");
        mayNot(refused.at("2026-03-12T15:56:00Z").blockedByTheCarrier(), "K7.carrier-block");
    }

    @Test
    void k6HelpIsGivenToWhoeverAsksAndRefusedMessages() {
        Facts stopped = aText().refused("sms-keyword", false, "*", "2026-03-01T12:00:00Z")
                .at("2026-07-09T06:00:00Z");
        assertThat(may(stopped.asAnAnswer().as(Courtesy.ANSWERS_HELP)).reason()).isEqualTo("K6.help");
        mayNot(
                aText().refused("sms-keyword", false, "*", "2026-03-01T12:00:00Z")
                        .as(Courtesy.ANSWERS_HELP),
                "K3.revoked");
    }

    @Test
    void k1AGrantForAChannelIsForThatChannel() {
        Facts mailOnly = aText().withoutConsent()
                .about(Purpose.BILLING)
                .and(new SendFacts.Said(
                        true,
                        "billing",
                        "staff",
                        true,
                        false,
                        Instant.parse("2026-02-01T12:00:00Z"),
                        false,
                        "email",
                        null,
                        false));
        mayNot(mailOnly, "K1.no-consent");
        may(mailOnly.by(Channel.EMAIL).withArea(Area.NONE));
    }

    @Test
    void k2AProgrammeThePatientAgreedToHasItsOwnBudget() {
        String[] twoToday = {"2026-03-12T14:00:00Z", "2026-03-12T12:30:00Z"};
        Facts dose = aText().after(twoToday).ofProgramme("dose-check-in", twoToday);
        later(dose, "2026-03-13T12:30:00Z", "K2.budget");
        Facts agreed = dose.and(new SendFacts.Said(
                true,
                "*",
                "staff",
                true,
                false,
                Instant.parse("2026-02-01T12:00:00Z"),
                false,
                "*",
                "dose-check-in",
                false));
        assertThat(may(agreed).reason()).isEqualTo("K2.programme");
        // and what was agreed to for the programme is for nothing else
        mayNot(agreed.ofProgramme("something-else").about(Purpose.MARKETING), "K1.no-written-consent");
    }

    @Test
    void k8WhatWasAgreedToForAChildEndsWhenTheChildIsOfAge() {
        Facts grownUp = aText().withoutConsent()
                .and(Facts.said(true, "*", "intake-form", true, false, Instant.parse("2026-02-01T12:00:00Z"))
                        .asUnderAge());
        assertThat(may(grownUp).reason()).isEqualTo("K2.exemption");
        mayNot(grownUp.about(Purpose.BILLING), "K1.no-consent");
    }

    @Test
    void k8AGuardianIsToldUntilMajorityAndAnAttorneyAfter() {
        var mother = new SendFacts.Standing("MTH", "all", true, false, false);
        may(aText().toProxy(false, false, mother));
        mayNot(aText().toProxy(true, false, mother), "K8.majority");
        may(aText().toProxy(true, false, new SendFacts.Standing("HPOWATT", "all", true, false, false)));
        may(aText().toProxy(true, false, new SendFacts.Standing("GUARD", "all", true, false, true)));
        mayNot(
                aText().toProxy(false, false, new SendFacts.Standing("MTH", "all", false, false, false)),
                "K8.no-authority");
        mayNot(
                aText().toProxy(false, false, new SendFacts.Standing("NBOR", "all", true, false, false)),
                "K8.no-authority");
        mayNot(aText().toProxy(false, false), "K8.no-authority");
    }

    @Test
    void k8AMinorWhoConsentedAloneIsAloneToldAndABarredParentNever() {
        var mother = new SendFacts.Standing("MTH", "all", true, false, false);
        mayNot(aText().toProxy(false, true, mother), "K8.minor-consent");
        mayNot(
                aText().toProxy(false, false, mother, new SendFacts.Standing("GUARD", "all", true, true, false)),
                "K8.barred");
        mayNot(
                aText().urgent().toProxy(false, false, new SendFacts.Standing("FTH", "all", true, true, false)),
                "K8.barred");
    }

    @Test
    void k13WhatIsSensitiveGoesToNoProxyWithoutAuthorityForIt() {
        mayNot(
                aText().aboutWhatIsSensitive()
                        .toProxy(false, false, new SendFacts.Standing("MTH", "all", true, false, false)),
                "K13.proxy");
        may(aText().aboutWhatIsSensitive()
                .toProxy(true, false, new SendFacts.Standing("HPOWATT", "sensitive", true, false, false)));
        may(aText().aboutWhatIsSensitive());
    }

    @Test
    void k9ANumberNobodyHeardOfForLongIsLookedUpFirst() {
        may(aText().lastConfirmed("2026-01-01T12:00:00Z", null, null));
        Facts old = aText().lastConfirmed("2025-06-01T12:00:00Z", null, null);
        later(old, "2026-03-12T16:10:00Z", "K9.unchecked");
        may(aText().asAnAnswer().lastConfirmed("2025-06-01T12:00:00Z", null, null));
        may(aText().lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "no"));
        mayNot(aText().lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "yes"), "K9.reassigned");
        mayNot(aText().urgent().lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "yes"), "K9.reassigned");
        // an answer grows old too
        later(
                aText().lastConfirmed("2025-06-01T12:00:00Z", "2026-02-01T15:00:00Z", "no"),
                "2026-03-12T16:10:00Z",
                "K9.unchecked");
    }

    @Test
    void k9AYesStandsUntilTheNumberIsGivenAgainAsItDidNotUnderEarlierRules() {
        Instant later = Instant.parse("2026-11-22T00:00:00Z");
        Rules since = new Rules(
                Facts.RULES.quietHours(),
                Facts.RULES.budgets(),
                Facts.RULES.revocations(),
                Facts.RULES.authority(),
                Facts.FILES.inForce(RuleFiles.REASSIGNED, later).as(Reassigned.class));
        Facts gone = aText().lastConfirmed("2025-06-01T12:00:00Z", "2025-12-20T15:00:00Z", "yes");
        assertThat(ConsentRules.decide(gone.facts(), Facts.RULES).reason()).isEqualTo("K9.unchecked");
        assertThat(ConsentRules.decide(gone.facts(), since).reason()).isEqualTo("K9.reassigned");
        Facts given = aText().lastConfirmed("2026-01-02T12:00:00Z", "2025-12-20T15:00:00Z", "yes");
        assertThat(ConsentRules.decide(given.facts(), since)).isInstanceOf(Verdict.May.class);
    }

    @Test
    void k9NoDataIsNotANo() {
        mayNot(aText().lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "no-data"), "K9.no-data");
    }

    @Test
    void k9NoDataIsLikeANoWhereTheSettingSaysSoAndAYesStaysAYes() {
        may(aText().lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "no-data")
                .withNoDataLikeANo());
        mayNot(
                aText().lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "yes")
                        .withNoDataLikeANo(),
                "K9.reassigned");
    }

    @Test
    void k11WhatAsksToCallBackWaitsForTheOfficeWhereItCan() {
        // Thursday 16:30 in Boston; the office opens again on Friday at 8:00
        Facts late = aText().at("2026-03-12T20:30:00Z");
        may(late);
        Facts asking = late.whileTheOfficeIsOpen(
                null, "2026-03-12T12:00:00Z", "2026-03-12T20:00:00Z", "2026-03-13T12:00:00Z", "2026-03-13T20:00:00Z");
        later(asking, "2026-03-13T12:00:00Z", "K11.office-closed");
        may(asking.at("2026-03-13T12:00:00Z"));
        may(asking.at("2026-03-12T20:30:00Z").urgent());
        may(aText().at("2026-03-12T20:30:00Z")
                .whileTheOfficeIsOpen("2026-03-13T10:00:00Z", "2026-03-13T12:00:00Z", "2026-03-13T20:00:00Z"));
    }

    @Test
    void k8AConfidentialAddressOverridesEveryOther() {
        mayNot(aText().urgent().at(new Point("active", false, true)), "K8.confidential");
    }

    @Test
    void k9ACodeGoesOnlyWhereThePatientIsKnownToBeReachedThoughAtAnyHour() {
        may(aText().asAnAnswer().as(Courtesy.CARRIES_A_CODE).at("2026-03-12T07:00:00Z"));
        for (String status : new String[] {"superseded", null}) {
            mayNot(
                    aText().asAnAnswer().as(Courtesy.CARRIES_A_CODE).at(new Point(status, false, false)),
                    "K9.not-theirs");
        }
        mayNot(
                aText().asAnAnswer()
                        .as(Courtesy.CARRIES_A_CODE)
                        .lastConfirmed("2025-06-01T12:00:00Z", "2026-03-12T15:00:00Z", "yes"),
                "K9.reassigned");
    }

    @Test
    void k9AWrongNumberIsLeftAlone() {
        mayNot(aText().at(new Point("wrong_number", false, false)), "K9.wrong-number");
        mayNot(
                aText().and(Facts.said(false, "*", "wrong-number", false, true, Instant.parse("2026-03-01T12:00:00Z"))),
                "K9.wrong-number");
        mayNot(aText().at(new Point("superseded", false, false)), "K9.not-theirs");
        mayNot(aText().at(new Point(null, false, false)), "K9.not-theirs");
        may(aText().asAnAnswer().at(new Point(null, false, false)));
    }

    @Test
    void k10OpensOnlyWhenBothZonesAreOpen() {
        Facts idaho = aText().livingIn("America/Boise", "ID").withPhone("+12085550123");
        // 8:30 in Boise, 7:30 in the north of the state
        later(idaho.at("2026-07-08T14:30:00Z"), "2026-07-08T15:00:00Z", "K10.quiet-hours");
        may(idaho.at("2026-07-08T15:00:00Z"));
        may(idaho.at("2026-07-09T02:59:59Z"));
        // 21:00 in Boise
        later(idaho.at("2026-07-09T03:00:00Z"), "2026-07-09T15:00:00Z", "K10.quiet-hours");
    }

    @Test
    void k10AMobileMayHaveMoved() {
        // lives in Boston, kept a number of Los Angeles
        Facts moved = aText().withPhone("+13235550123");
        later(moved.at("2026-07-08T14:00:00Z"), "2026-07-08T15:00:00Z", "K10.quiet-hours");
        later(moved.at("2026-07-09T01:00:00Z"), "2026-07-09T15:00:00Z", "K10.quiet-hours");
    }

    @ParameterizedTest
    @CsvSource({
        // Thursday, Saturday and Sunday: first and last minute open, by the clock there
        "FL, America/New_York, +13055550123, 08:00, 20:00, 08:00, 20:00, 08:00, 20:00",
        "OK, America/Chicago, +14055550123, 08:00, 20:00, 08:00, 20:00, 08:00, 20:00",
        "WA, America/Los_Angeles, +12065550123, 08:00, 20:00, 08:00, 20:00, 08:00, 20:00",
        "MD, America/New_York, +14105550123, 08:00, 20:00, 08:00, 20:00, 08:00, 20:00",
        "MS, America/Chicago, +16015550123, 08:00, 20:00, 08:00, 20:00, 08:00, 20:00",
        "NJ, America/New_York, +12015550123, 08:00, 20:00, 08:00, 20:00, 08:00, 20:00",
        "CT, America/New_York, +12035550123, 09:00, 20:00, 09:00, 20:00, 09:00, 20:00",
        "TX, America/Chicago, +12145550123, 09:00, 21:00, 09:00, 21:00, 12:00, 21:00",
        "RI, America/New_York, +14015550123, 09:00, 18:00, 10:00, 17:00, 10:00, 17:00",
        "MA, America/New_York, +16175550123, 08:00, 21:00, 08:00, 21:00, 08:00, 21:00"
    })
    void k10KeepsTheHoursOfTheState(
            String state, String zone, String phone, String o, String c, String so, String sc, String uo, String uc) {
        opens(state, zone, phone, "2026-07-09", o, c);
        opens(state, zone, phone, "2026-07-11", so, sc);
        opens(state, zone, phone, "2026-07-12", uo, uc);
    }

    private static void opens(String state, String zone, String phone, String day, String opens, String closes) {
        Facts there = aText().livingIn(zone, state).withPhone(phone);
        var date = java.time.LocalDate.parse(day);
        Instant first = date.atTime(java.time.LocalTime.parse(opens))
                .atZone(java.time.ZoneId.of(zone))
                .toInstant();
        Instant end = date.atTime(java.time.LocalTime.parse(closes))
                .atZone(java.time.ZoneId.of(zone))
                .toInstant();
        later(there.at(first.minusSeconds(1)), first.toString(), "K10.quiet-hours");
        may(there.at(first));
        may(there.at(end.minusSeconds(1)));
        assertThat(there.at(end).decided().reason()).isEqualTo("K10.quiet-hours");
    }

    @Test
    void k10TheStateOfTheAreaCodeCountsToo() {
        // lives in Boston, number of Rhode Island: open there to 18:00 only
        assertThat(aText().withPhone("+14015550123")
                        .at("2026-07-09T22:30:00Z")
                        .decided()
                        .reason())
                .isEqualTo("K10.quiet-hours");
    }

    @Test
    void k10AStateWithoutAZoneMeansEveryZoneOfTheState() {
        Facts florida = aText().livingIn(null, "FL").withPhone("+13055550123");
        later(florida.at("2026-07-09T12:30:00Z"), "2026-07-09T13:00:00Z", "K10.quiet-hours");
    }

    @Test
    void k10AnUnknownStateMeansTheStrictestOfTheZone() {
        // Rhode Island and Connecticut keep that time too
        Facts east = aText().livingIn("America/New_York", null);
        later(east.at("2026-07-09T12:30:00Z"), "2026-07-09T13:00:00Z", "K10.quiet-hours");
        later(east.at("2026-07-09T22:00:00Z"), "2026-07-10T13:00:00Z", "K10.quiet-hours");
    }

    @Test
    void k10AnUnknownPlaceMeansTheStrictest() {
        Facts nowhere = aText().livingIn(null, null);
        // 9:00 in Honolulu, while it is not yet 18:00 in the east
        later(nowhere.at("2026-07-09T12:30:00Z"), "2026-07-09T19:00:00Z", "K10.quiet-hours");
        later(nowhere.at("2026-07-09T22:00:00Z"), "2026-07-10T19:00:00Z", "K10.quiet-hours");
        Facts tollFree = aText().withPhone("+18005550123");
        later(tollFree.at("2026-07-09T12:30:00Z"), "2026-07-09T19:00:00Z", "K10.quiet-hours");
    }

    @Test
    void k10AMailAddressTellsNoPlace() {
        may(aText().by(Channel.EMAIL).withArea(Area.NONE).at("2026-07-09T12:00:00Z"));
    }

    @Test
    void k10UrgentAndSolicitedAreExempt() {
        may(aText().at("2026-07-09T06:00:00Z").urgent());
        may(aText().at("2026-07-09T06:00:00Z").asAnAnswer());
    }

    @Test
    void k10FollowsTheClockThroughItsChanges() {
        // in the night to 8 March 2026 the clocks of Boston jump forward, in the night to 1 November back
        later(aText().at("2026-03-08T03:00:00Z"), "2026-03-08T12:00:00Z", "K10.quiet-hours");
        later(aText().at("2026-03-07T03:00:00Z"), "2026-03-07T13:00:00Z", "K10.quiet-hours");
        later(aText().at("2026-11-01T02:00:00Z"), "2026-11-01T13:00:00Z", "K10.quiet-hours");
        // Arizona keeps its clock, the Navajo Nation in it does not
        Facts arizona = aText().livingIn("America/Phoenix", "AZ").withPhone("+19285550123");
        later(arizona.at("2026-07-09T14:30:00Z"), "2026-07-09T15:00:00Z", "K10.quiet-hours");
        later(arizona.at("2026-07-10T03:30:00Z"), "2026-07-10T15:00:00Z", "K10.quiet-hours");
    }

    @Test
    void k17ATextNeedsARegisteredCampaign() {
        mayNot(aText().fromAnUnregisteredSender(), "K17.no-campaign");
        may(aText().by(Channel.VOICE).fromAnUnregisteredSender());
    }

    @ParameterizedTest
    @EnumSource(PatientStatus.class)
    void onlyActiveAndTestPatientsAreWrittenTo(PatientStatus status) {
        Facts facts = aText().urgent().toSomebodyWhoIs(status);
        if (status == PatientStatus.ACTIVE || status == PatientStatus.TEST) {
            may(facts);
        } else {
            mayNot(facts, "patient." + status.code().replace('_', '-'));
        }
    }

    @Test
    void aLandlineTakesNoTexts() {
        mayNot(aText().at(new Point("active", true, false)), "channel.landline");
        may(aText().by(Channel.VOICE).at(new Point("active", true, false)));
    }

    private static Verdict may(Facts facts) {
        Verdict verdict = facts.decided();
        assertThat(verdict).isInstanceOf(Verdict.May.class);
        return verdict;
    }

    private static void mayNot(Facts facts, String reason) {
        Verdict verdict = facts.decided();
        assertThat(verdict).isInstanceOf(Verdict.MayNot.class);
        assertThat(verdict.reason()).isEqualTo(reason);
    }

    private static void later(Facts facts, String until, String reason) {
        assertThat(facts.decided()).isInstanceOfSatisfying(Verdict.Later.class, later -> {
            assertThat(later.until()).isEqualTo(Instant.parse(until));
            assertThat(later.reason()).isEqualTo(reason);
        });
    }
}
