import { beforeEach, describe, expect, it } from 'vitest';
import { draftOf, dropAllDrafts, dropDraft, keepDraft } from './drafts';

class MemoryStorage implements Storage {
  private readonly entries = new Map<string, string>();
  get length() {
    return this.entries.size;
  }
  clear = () => this.entries.clear();
  getItem = (key: string) => this.entries.get(key) ?? null;
  key = (index: number) => [...this.entries.keys()][index] ?? null;
  removeItem = (key: string) => void this.entries.delete(key);
  setItem(key: string, value: string) {
    this.entries.set(key, value);
  }
}

describe('drafts', () => {
  let store: MemoryStorage;
  beforeEach(() => {
    store = new MemoryStorage();
  });

  it('come back as they were typed', () => {
    keepDraft(store, 'ana', 'task-1', { outcome: 'reached', note: 'calls back at 5' });
    expect(draftOf(store, 'ana', 'task-1')).toEqual({ outcome: 'reached', note: 'calls back at 5' });
  });

  it('are nobody else’s', () => {
    keepDraft(store, 'ana', 'task-1', { note: 'x' });
    expect(draftOf(store, 'ben', 'task-1')).toBeUndefined();
    expect(draftOf(store, 'ana', 'task-2')).toBeUndefined();
  });

  it('go when the task is done, and all of them at sign-out', () => {
    keepDraft(store, 'ana', 'task-1', { note: 'x' });
    keepDraft(store, 'ana', 'task-2', { note: 'y' });
    store.setItem('something-else', 'stays');
    dropDraft(store, 'ana', 'task-1');
    expect(draftOf(store, 'ana', 'task-1')).toBeUndefined();
    dropAllDrafts(store);
    expect(draftOf(store, 'ana', 'task-2')).toBeUndefined();
    expect(store.getItem('something-else')).toBe('stays');
  });

  it('never stand in the way of typing', () => {
    store.setItem = () => {
      throw new Error('full');
    };
    expect(() => keepDraft(store, 'ana', 'task-1', { note: 'x' })).not.toThrow();
    const broken = new MemoryStorage();
    broken.setItem('throughline.draft.ana.task-1', '{');
    expect(draftOf(broken, 'ana', 'task-1')).toBeUndefined();
  });
});
