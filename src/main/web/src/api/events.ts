import { useEffect, useEffectEvent } from 'react';

export type TaskEvent = { id: string; kind: 'created' | 'changed' | 'closed' };
export type TimelineEvent = { patient: string };
export type HoldEvent = { id: string };
type Listener = { hold?: (event: HoldEvent) => void; task?: (event: TaskEvent) => void; timeline?: (event: TimelineEvent) => void; connection?: (up: boolean) => void };

const listeners = new Set<Listener>();
let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

function open(): void {
  source = new EventSource('/api/v1/events');
  source.addEventListener('task', (event) => {
    const told = JSON.parse(event.data) as TaskEvent;
    listeners.forEach((each) => each.task?.(told));
  });
  source.addEventListener('timeline', (event) => {
    const told = JSON.parse(event.data) as TimelineEvent;
    listeners.forEach((each) => each.timeline?.(told));
  });
  source.addEventListener('hold', (event) => {
    const told = JSON.parse(event.data) as HoldEvent;
    listeners.forEach((each) => each.hold?.(told));
  });
  source.onopen = () => listeners.forEach((each) => each.connection?.(true));
  source.onerror = () => {
    listeners.forEach((each) => each.connection?.(false));
    // A refused stream is closed for good by the browser; a broken one is reopened by it.
    if (source?.readyState === EventSource.CLOSED) {
      clearTimeout(retry);
      retry = setTimeout(() => listeners.size > 0 && open(), 10_000);
    }
  };
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
}

/** One stream for the whole page, open while anybody listens. */
export function useServerEvents(listener: Listener): void {
  const task = useEffectEvent((event: TaskEvent) => listener.task?.(event));
  const timeline = useEffectEvent((event: TimelineEvent) => listener.timeline?.(event));
  const hold = useEffectEvent((event: HoldEvent) => listener.hold?.(event));
  const connection = useEffectEvent((up: boolean) => listener.connection?.(up));
  useEffect(() => {
    const mine: Listener = { hold, task, timeline, connection };
    listeners.add(mine);
    if (!source) open();
    return () => {
      listeners.delete(mine);
      // Let a page that follows at once keep the stream.
      setTimeout(() => listeners.size === 0 && close(), 1_000);
    };
  }, []);
}
