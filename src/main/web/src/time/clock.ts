import { useSyncExternalStore } from 'react';

let ahead = 0;
let current = Date.now();
const listeners = new Set<() => void>();

function tick(): void {
  current = Date.now() + ahead;
  listeners.forEach((listener) => listener());
}

/** In practice the server's clock can be moved forward; relative times count from it. */
export function observeServerClock(now: string | null | undefined): void {
  if (!now) return;
  const difference = Date.parse(now) - Date.now();
  // Small differences are travel time and would only make the words jump.
  ahead = Math.abs(difference) < 5_000 ? 0 : difference;
  tick();
}

setInterval(tick, 30_000);

export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
