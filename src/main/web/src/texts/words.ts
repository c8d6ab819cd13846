const names = new Intl.DisplayNames('en', { type: 'language' });

export const language = (locale: string) => {
  try {
    return names.of(locale) ?? locale;
  } catch {
    return locale;
  }
};

/** "appointment-reminder" as people say it. */
export const textName = (key: string) => {
  const words = key.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const states: Record<string, { words: string; tone: 'good' | 'soon' | 'bad' | 'calm' }> = {
  ok: { words: 'In order', tone: 'calm' },
  warning: { words: 'Hard to read', tone: 'soon' },
  error: { words: 'Needs mending', tone: 'bad' },
  'expires-soon': { words: 'Expires soon', tone: 'soon' },
  expired: { words: 'Expired', tone: 'bad' },
  unreviewed: { words: 'Not reviewed', tone: 'soon' },
};

export const textState = (state: string) => states[state] ?? { words: state, tone: 'calm' as const };

const parts: Record<string, string> = {
  text: 'Wording',
  subject: 'Subject',
  preheader: 'Beside the subject',
  item: 'Its line among several',
  minimal: 'Where others read too',
  attachment: 'On the sheet that goes with it',
  'attachment-name': 'Name of the sheet',
};

/** What a part of a wording is for. */
export const partName = (part: string) => parts[part] ?? textName(part);

const events: Record<string, string> = {
  released: 'Came with a release',
  proposed: 'Proposed',
  approved: 'Approved, said since then',
  rejected: 'Turned down',
  rolled_back: 'Taken back to',
};

export const eventWords = (kind: string) => events[kind] ?? kind;

export type Piece = { words: string; change: 'same' | 'added' | 'gone' };

/** What was taken out and what came in, word by word. */
export function difference(before: string, after: string): Piece[] {
  const from = before.split(/(\s+)/);
  const to = after.split(/(\s+)/);
  const longest = Array.from({ length: from.length + 1 }, () => new Array<number>(to.length + 1).fill(0));
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--)
      longest[i]![j] = from[i] === to[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
  const pieces: Piece[] = [];
  const add = (words: string, change: Piece['change']) => {
    const last = pieces[pieces.length - 1];
    if (last?.change === change) last.words += words;
    else pieces.push({ words, change });
  };
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      add(from[i]!, 'same');
      i++;
      j++;
    } else if (j >= to.length || (i < from.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) add(from[i++]!, 'gone');
    else add(to[j++]!, 'added');
  }
  return pieces;
}
