package health.throughline.assistant;

import health.throughline.assistant.ReplyRules.Rule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules by the word they begin with, in their order.
 *
 * @param byWord for every word that begins some rule, all the rules that may begin with it
 * @param open rules that may begin with words that are not written out in them
 */
record RuleIndex(Map<String, List<Rule>> byWord, List<Rule> open) {

    static RuleIndex of(List<Rule> rules) {
        Map<String, List<Rule>> byWord = new HashMap<>();
        Set<String> beginnings = new HashSet<>();
        rules.forEach(rule -> beginnings.addAll(rule.phrase().beginnings()));
        for (String beginning : beginnings) {
            byWord.put(
                    beginning,
                    rules.stream()
                            .filter(rule -> rule.phrase().beginsOpen()
                                    || rule.phrase().beginnings().contains(beginning))
                            .toList());
        }
        return new RuleIndex(
                Map.copyOf(byWord),
                rules.stream().filter(rule -> rule.phrase().beginsOpen()).toList());
    }

    List<Rule> beginningWith(Word word) {
        List<Rule> spelled = byWord.get(word.accented());
        return spelled != null && !word.accented().equals(word.text())
                ? Stream.concat(spelled.stream(), byWord.getOrDefault(word.text(), open).stream())
                        .toList()
                : byWord.getOrDefault(word.text(), open);
    }
}
