package health.throughline.channel.email;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a machine wrote a mail: by what it says of itself (RFC 3834, and the headers older than that). Such mail is kept and never
 * answers a journey. By a subject alone it only may be one: people write "I am out of town on Tuesday" too.
 */
final class AutoReplies {

    private static final Pattern SUBJECT = Pattern.compile(
            "^(?:(?:re|aw|sv|rv|res)\\s*:\\s*)?(?:"
                    + "auto(?:matic|mated)?[\\s:-]*(?:reply|response|answer)|autoreply|autoresponse|out of (?:the )?office|ooo\\b|away from (?:the|my) office|vacation(?: reply)?:?|i am (?:away|on vacation|out of)"
                    + "|respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente|resposta autom[aá]tica|ausência"
                    + "|automatische (?:antwort|reply|beantwoording)|abwesenheit|abwesend|afwezig|niet aanwezig"
                    + "|r[eé]ponse automatique|absence du bureau|absent\\b|risposta automatica|fuori (?:sede|ufficio)|assente"
                    + "|автоответ|автоматический ответ|нет на месте|автовідповідь"
                    + "|自动回复|自動回覆|自動回复|不在办公室|自動応答|自動返信|不在のお知らせ|자동 ?(?:회신|응답)|부재중"
                    + "|رد تلقائي|الرد التلقائي|خارج المكتب|پاسخ خودکار"
                    + "|trả lời tự động|vắng mặt|awtomatikong tugon|odpowied[zź] automatyczna|poza biurem|automaattinen|automatiskt svar"
                    + ").*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private static final List<String> SPEAK_FOR_THEMSELVES =
            List.of("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Mail-Autoreply", "X-Auto-Reply");

    private AutoReplies() {}

    static boolean isOne(MailHeaders mail) {
        String submitted = mail.first("Auto-Submitted").toLowerCase(Locale.ROOT).strip();
        if (!submitted.isEmpty() && !submitted.startsWith("no")) {
            return true;
        }
        String precedence = mail.first("Precedence").toLowerCase(Locale.ROOT).strip();
        if (List.of("bulk", "junk", "list", "auto_reply").contains(precedence)) {
            return true;
        }
        return SPEAK_FOR_THEMSELVES.stream().anyMatch(name -> !mail.first(name).isBlank()) || mail.fromNobody();
    }

    static boolean mayBeOne(MailHeaders mail) {
        return SUBJECT.matcher(mail.subject().strip()).matches();
    }
}
