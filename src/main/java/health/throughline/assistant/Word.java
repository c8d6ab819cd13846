package health.throughline.assistant;

/**
 * One word or sign of a reply, as the rules see it.
 *
 * @param text lower case, no accents, shorthand written out, a sign by its name
 * @param accented the same with its accents; a number as it was written
 * @param capitalised began with a capital letter, the rest in small ones
 * @param known these rules have heard of it
 * @param clause number of the clause it stands in
 */
record Word(String text, String accented, boolean capitalised, boolean known, int clause) {}
