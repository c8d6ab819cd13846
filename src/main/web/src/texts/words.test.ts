import { describe, expect, it } from 'vitest';
import { difference, textName } from './words';

describe('difference', () => {
  it('tells what went and what came, word by word', () => {
    expect(difference('Come by the main door.', 'Come by the west door.')).toEqual([
      { words: 'Come by the ', change: 'same' },
      { words: 'main', change: 'gone' },
      { words: 'west', change: 'added' },
      { words: ' door.', change: 'same' },
    ]);
  });

  it('is all the same where nothing changed', () => {
    expect(difference('Hello', 'Hello')).toEqual([{ words: 'Hello', change: 'same' }]);
  });
});

it('says a key as people do', () => {
  expect(textName('appointment-reminder')).toBe('Appointment reminder');
});
