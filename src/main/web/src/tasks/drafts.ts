/** What a person typed into a task's form and has not handed in yet. Kept in this tab only, apart for each person. */
export type Draft = Record<string, unknown>;

const PREFIX = 'throughline.draft.';
const key = (person: string, task: string) => `${PREFIX}${person}.${task}`;

export function keepDraft(store: Storage, person: string, task: string, draft: Draft): void {
  try {
    store.setItem(key(person, task), JSON.stringify(draft));
  } catch {
    // A full or forbidden store must not disturb the typing; the form itself still holds everything.
  }
}

export function draftOf(store: Storage, person: string, task: string): Draft | undefined {
  try {
    const kept = store.getItem(key(person, task));
    return kept === null ? undefined : (JSON.parse(kept) as Draft);
  } catch {
    return undefined;
  }
}

export function dropDraft(store: Storage, person: string, task: string): void {
  store.removeItem(key(person, task));
}

/** On sign-out nothing about patients stays in the browser. */
export function dropAllDrafts(store: Storage): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  keys.filter((each) => each?.startsWith(PREFIX)).forEach((each) => store.removeItem(each!));
}
