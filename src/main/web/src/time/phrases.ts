const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = 2 * HOUR;

/** How far away a moment is, as a person would say it: "in 20 min", "3 h ago", "tomorrow", "4 days ago". */
export function relative(at: number, now: number): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < 45_000) return 'now';
  const amount =
    size < 59.5 * MINUTE
      ? `${Math.max(1, Math.round(size / MINUTE))} min`
      : size < 23.5 * HOUR
        ? `${Math.round(size / HOUR)} h`
        : size < 13.5 * DAY
          ? plural(Math.round(size / DAY), 'day')
          : size < 60 * DAY
            ? plural(Math.round(size / (7 * DAY)), 'week')
            : size < 700 * DAY
              ? plural(Math.round(size / (30.44 * DAY)), 'month')
              : plural(Math.round(size / (365.25 * DAY)), 'year');
  return distance > 0 ? `in ${amount}` : `${amount} ago`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

export type Due = { level: 'overdue' | 'soon' | 'later'; words: string };

/** When something is due, with the word that goes beside its colour. */
export function due(at: number, now: number): Due {
  const distance = relative(at, now);
  if (at < now) return { level: 'overdue', words: distance === 'now' ? 'Overdue' : `Overdue for ${distance.replace(/ ago$/, '')}` };
  return { level: at - now <= SOON ? 'soon' : 'later', words: `Due ${distance}` };
}

/** The exact moment on the wall clock of a place, with the place's zone named. */
export function exact(at: number, zone?: string | null): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone ?? undefined,
    timeZoneName: 'short',
  }).format(at);
}

/** "Thu 26 Nov, 09:30": the wall clock of a place. */
export function wallClock(at: number, zone?: string | null): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone ?? undefined,
  }).format(at);
}

/** "MST", "CET" or "GMT-7", as it is called at that moment. */
export function zoneName(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** The day heading of a timeline, by the calendar of the zone. */
export function day(at: number, now: number, zone?: string | null): string {
  const key = (moment: number) => new Intl.DateTimeFormat('en-CA', { timeZone: zone ?? undefined }).format(moment);
  if (key(at) === key(now)) return 'Today';
  if (key(at) === key(now - DAY)) return 'Yesterday';
  if (key(at) === key(now + DAY)) return 'Tomorrow';
  const sameYear = key(at).slice(0, 4) === key(now).slice(0, 4);
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
    timeZone: zone ?? undefined,
  })
    .format(at)
    .replace(',', '');
}

/** Whole years lived. Birth dates have no zone, so neither has this. */
export function age(birthDate: string, now: number): number {
  const today = new Date(now).toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** "2 Mar 1957": a date that has no time and no zone. */
export function plainDate(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at)
    ? date
    : new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
}
