package health.throughline.consent;

import health.throughline.consent.Budgets.Budget;
import health.throughline.consent.Budgets.Limit;
import health.throughline.consent.SendFacts.Said;
import health.throughline.patient.PatientStatus;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts a verdict into one sentence that can be read out to the patient it is about. */
final class Sentences {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("EEEE d MMMM, H:mm", Locale.ENGLISH);

    private final SendFacts facts;
    private final ZoneId zone;

    Sentences(SendFacts facts) {
        this.facts = facts;
        SendFacts.Whereabouts where = facts.whereabouts();
        if (where.zone() != null) {
            this.zone = ZoneId.of(where.zone());
        } else if (!where.area().zones().isEmpty()) {
            this.zone = ZoneId.of(where.area().zones().getFirst());
        } else {
            this.zone = ZoneOffset.UTC;
        }
    }

    String may(String because, List<String> more) {
        return "May go " + by() + ": " + because + (more.isEmpty() ? "" : "; " + String.join("; ", more)) + ".";
    }

    private String by() {
        return switch (facts.channel().code()) {
            case "sms" -> "by text";
            case "voice" -> "by call";
            case "email" -> "by e-mail";
            default -> "by " + facts.channel().code();
        };
    }

    String mayNot(String because) {
        return "Not sent " + by() + ": " + because + ".";
    }

    String later(Instant until, String because) {
        return "Waits until " + MOMENT.format(until.atZone(zone)) + " (" + zone.getId() + "): " + because + ".";
    }

    String status(PatientStatus status) {
        return switch (status) {
            case DECEASED -> "the patient has died";
            case MERGED -> "the record was merged into another one, which is written to instead";
            case DISPUTED -> "it is in dispute whose record this is";
            case STAFF_RESTRICTED -> "the record is restricted to staff";
            case ACTIVE, TEST -> "the patient is active";
        };
    }

    String granted(Said said) {
        return "consent given " + DAY.format(said.saidAt().atZone(zone)) + " " + how(said);
    }

    String revoked(Said said) {
        String what = said.purpose().equals("*") ? "all messages" : said.purpose() + " messages";
        String where = said.sameNumber() ? " to this number" : said.ofAddress() ? " to this address" : "";
        return what + where + " were refused on " + DAY.format(said.saidAt().atZone(zone)) + " " + how(said);
    }

    private static String how(Said said) {
        return switch (said.how()) {
            case "sms-keyword", "sms-wording" -> "by text message";
            case "staff" -> "in a talk with staff";
            case "voice-key" -> "by pressing a key in a call";
            case "voice-speech", "voice-keyword", "voice-wording" -> "in a call";
            case "email-unsubscribe" -> "by the link in an e-mail";
            case "email-keyword", "email-wording" -> "by e-mail";
            case "chat-keyword", "chat-wording" -> "in the chat";
            case "portal" -> "in the portal";
            case "wrong-number" -> "by somebody who is not the patient";
            case "carrier" -> "as reported by the carrier";
            case "ehr" -> "as told by the health record";
            default -> "by " + said.how().replace('-', ' ');
        };
    }

    String purpose() {
        return switch (facts.purpose()) {
            case CARE -> "messages about care";
            case OPERATIONAL -> "messages about visits";
            case BILLING -> "messages about bills";
            case MARKETING -> "advertising";
        };
    }

    String exemption() {
        return facts.solicited()
                ? "an answer waits for no hour and counts in no budget"
                : "urgent, so it waits for no hour and counts in no budget";
    }

    /** For example "1 of 2 messages in 24 hours": of the limit that is nearest to being used up. */
    String used(Budget budget, List<Instant> sent) {
        Limit nearest = budget.limits().getFirst();
        for (Limit limit : budget.limits()) {
            if (limit.count() - limit.used(facts.at(), sent) < nearest.count() - nearest.used(facts.at(), sent)) {
                nearest = limit;
            }
        }
        return nearest.used(facts.at(), sent) + " of " + nearest.count()
                + (nearest.count() == 1 ? " message" : " messages") + " in " + span(nearest.within());
    }

    private static String span(Duration within) {
        return within.toHours() <= 24 ? within.toHours() + " hours" : within.toDays() + " days";
    }

    String open(QuietHours hours, List<QuietHours.Place> places) {
        return "inside " + windows(hours, places) + " " + where(places);
    }

    String quiet(QuietHours hours, List<QuietHours.Place> places) {
        return "it is outside " + windows(hours, places) + " " + where(places);
    }

    private String windows(QuietHours hours, List<QuietHours.Place> places) {
        Set<String> windows = places.stream()
                .map(place -> {
                    DayOfWeek day = facts.at().atZone(place.zone()).getDayOfWeek();
                    QuietHours.Window window = hours.window(place, day);
                    return window.never()
                            ? "the hours (closed that day)"
                            : clock(window.opens()) + "–" + clock(window.closes());
                })
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        return String.join(" and ", windows);
    }

    private static String clock(LocalTime time) {
        return time.getMinute() == 0 ? String.valueOf(time.getHour()) : time.toString();
    }

    private String where(List<QuietHours.Place> places) {
        Area area = facts.whereabouts().area();
        Set<String> zones = places.stream().map(place -> place.zone().getId()).collect(Collectors.toSet());
        if (area.kind() == Area.Kind.KNOWN && Set.copyOf(area.zones()).equals(zones)) {
            String of = " of +1 " + area.code();
            return switch (zones.size()) {
                case 1 -> "in the zone" + of;
                case 2 -> "in both zones" + of;
                default -> "in all " + zones.size() + " zones" + of;
            };
        }
        if (zones.size() == 1) {
            return "where the patient lives";
        }
        return area.kind() == Area.Kind.KNOWN
                ? "in all " + zones.size() + " zones of home and +1 " + area.code()
                : "in all " + zones.size() + " zones where the patient may be";
    }
}
