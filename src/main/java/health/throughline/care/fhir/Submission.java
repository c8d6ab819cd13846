package health.throughline.care.fhir;

import tools.jackson.databind.node.ObjectNode;

/**
 * One resource on its way in, alone or as an entry of a Bundle.
 *
 * @param index its place in the Bundle
 * @param fullUrl by what other entries refer to it; empty when alone
 * @param id the id the source gives it by PUT; empty for a POST
 * @param condition the query of a conditional write, {@code identifier=system|value}; empty for most
 * @param onlyWhenNew a conditional create: leave what exists
 * @param deletion the source deleted the record
 * @param resource what the record is told by, and all of it where it is understood
 * @param content the whole resource as JSON
 */
record Submission(
        int index,
        String fullUrl,
        String type,
        String id,
        String condition,
        boolean onlyWhenNew,
        boolean deletion,
        ObjectNode resource,
        byte[] content) {}
