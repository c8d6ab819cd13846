package health.throughline.consent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of numbers and the day on which each was last taken out of service, as a file: {@code +16175550123,2026-03-01}, or
 * {@code +16175550123,} for one that never was. Of a number that is not on it there is no data.
 */
final class ReassignedList implements ReassignedNumbers {

    private static final int MOST = 5_000_000;
    private static final String NEVER = "";

    private final Map<String, String> disconnected = new HashMap<>();

    ReassignedList(Path file) {
        try (var lines = Files.lines(file)) {
            lines.limit(MOST).filter(line -> !line.isBlank()).forEach(line -> {
                List<String> columns = List.of(line.split(",", 2));
                String day = columns.size() < 2 ? NEVER : columns.get(1).strip();
                disconnected.put(
                        columns.getFirst().strip(),
                        day.isEmpty() ? NEVER : LocalDate.parse(day).toString());
            });
        } catch (IOException e) {
            throw new Unavailable("The list of reassigned numbers cannot be read: " + file);
        } catch (DateTimeException e) {
            throw new Unavailable("The list of reassigned numbers holds a day that is none: write number,YYYY-MM-DD");
        }
    }

    @Override
    public Answer ask(String phone, LocalDate confirmedOn) {
        String day = disconnected.get(phone);
        if (day == null) {
            return Answer.NO_DATA;
        }
        return day.equals(NEVER) || LocalDate.parse(day).isBefore(confirmedOn) ? Answer.NO : Answer.YES;
    }
}
