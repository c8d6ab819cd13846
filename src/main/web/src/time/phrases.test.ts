import { describe, expect, it } from 'vitest';
import { age, day, due, exact, plainDate, relative, zoneName } from './phrases';

const now = Date.parse('2026-11-24T17:00:00Z');
const at = (text: string) => Date.parse(text);

describe('relative', () => {
  it.each([
    ['2026-11-24T17:00:20Z', 'now'],
    ['2026-11-24T17:20:00Z', 'in 20 min'],
    ['2026-11-24T14:00:00Z', '3 h ago'],
    ['2026-11-24T16:00:10Z', '1 h ago'],
    ['2026-11-25T17:00:00Z', 'in 1 day'],
    ['2026-11-20T17:00:00Z', '4 days ago'],
    ['2026-10-24T17:00:00Z', '4 weeks ago'],
    ['2026-03-24T17:00:00Z', '8 months ago'],
  ])('%s is %s', (moment, words) => expect(relative(at(moment), now)).toBe(words));
});

describe('due', () => {
  it('says overdue and since when', () =>
    expect(due(at('2026-11-24T15:00:00Z'), now)).toEqual({ level: 'overdue', words: 'Overdue for 2 h' }));
  it('warns two hours before', () => expect(due(at('2026-11-24T18:30:00Z'), now).level).toBe('soon'));
  it('is calm before that', () => expect(due(at('2026-11-25T17:00:00Z'), now)).toEqual({ level: 'later', words: 'Due in 1 day' }));
});

describe('exact', () => {
  it('names the zone of the place', () => {
    expect(exact(at('2026-11-26T16:30:00Z'), 'America/Boise')).toContain('09:30');
    expect(zoneName(at('2026-11-26T16:30:00Z'), 'America/Boise')).toBe('MST');
    expect(zoneName(at('2026-07-26T16:30:00Z'), 'America/Boise')).toBe('MDT');
  });
});

describe('day', () => {
  it('goes by the calendar of the zone', () => {
    expect(day(at('2026-11-24T05:00:00Z'), now, 'America/Boise')).toBe('Yesterday');
    expect(day(at('2026-11-24T05:00:00Z'), now, 'Europe/Berlin')).toBe('Today');
    expect(day(at('2026-11-20T12:00:00Z'), now, 'UTC')).toBe('Friday 20 November');
    expect(day(at('2025-11-20T12:00:00Z'), now, 'UTC')).toBe('Thursday 20 November 2025');
  });
});

describe('dates of birth', () => {
  it('counts whole years', () => {
    expect(age('1957-11-24', now)).toBe(69);
    expect(age('1957-11-25', now)).toBe(68);
  });
  it('has no zone', () => expect(plainDate('1957-03-02')).toBe('2 Mar 1957'));
});
