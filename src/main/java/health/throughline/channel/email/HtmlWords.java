package health.throughline.channel.email;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * The words of an HTML part, in lines as they would be read; quoted mails, styles and scripts left out. Takes a time that grows with the
 * length alone, whatever it is built of.
 */
final class HtmlWords {

    private HtmlWords() {}

    static String of(String html) {
        Element body = Jsoup.parse(html).body();
        List<Element> marks = body.select("#divRplyFwdMsg");
        Set<Node> away = identities(body.select("style, script, .gmail_attr, .moz-cite-prefix, .yahoo_quoted"));
        marks.forEach(mark -> addWithAllBehind(mark, away));
        remove(away);
        Set<Node> aroundQuotes = around(body.select("blockquote"));
        Set<Node> wholes = identities(body.select(".gmail_quote"));
        wholes.removeIf(aroundQuotes::contains);
        remove(wholes);
        // the place stays known: what is written below a quote is the writer's
        body.select("blockquote").forEach(quote -> quote.replaceWith(new Element("p").text(QuoteCutter.QUOTED)));
        StringBuilder text = new StringBuilder();
        body.traverse((Node node, int depth) -> {
            if (node instanceof TextNode words) {
                text.append(words.text());
            } else if (node instanceof Element element
                    && (element.isBlock() || element.normalName().equals("br"))) {
                text.append('\n');
            }
        });
        return text.toString()
                .replaceAll("[ \\t]+", " ")
                .replaceAll(" ?\\n ?", "\n")
                .replaceAll("\\n{2,}", "\n")
                .strip();
    }

    /** Outlook puts the mail that is answered behind that mark, in the same place. */
    private static void addWithAllBehind(Element mark, Set<Node> away) {
        if (!away.add(mark)) {
            return;
        }
        for (Node next = mark.nextSibling(); next != null; next = next.nextSibling()) {
            if (next instanceof Element) {
                away.add(next);
            }
        }
    }

    private static Set<Node> around(List<Element> quotes) {
        Set<Node> around = identities(List.of());
        for (Element quote : quotes) {
            Element parent = quote.parent();
            while (parent != null && around.add(parent)) {
                parent = parent.parent();
            }
        }
        return around;
    }

    /** All of one place at once: one after the other would move those behind it each time. */
    private static void remove(Set<Node> away) {
        Set<Node> places = identities(List.of());
        away.stream().map(Node::parent).forEach(place -> {
            if (place instanceof Element) {
                places.add(place);
            }
        });
        for (Node place : places) {
            List<Node> kept = new ArrayList<>(place.childNodes());
            kept.removeIf(away::contains);
            ((Element) place).empty().appendChildren(kept);
        }
    }

    private static Set<Node> identities(Collection<? extends Node> nodes) {
        Set<Node> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(nodes);
        return set;
    }
}
