import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read, write } from '../api/client';
import type { Candidates, Foreseen, Page, Thread, ThreadSummary, UnknownSender, UnknownThread } from '../api/types';

export type Show = 'needs-person' | 'mine' | 'all';

const after = (cursor: string | null) => (cursor ? `&after=${encodeURIComponent(cursor)}` : '');
const threadsPage = (show: Show, cursor: string | null, signal?: AbortSignal) =>
  read<Page<ThreadSummary>>(`/api/v1/conversations?show=${show}&limit=30${after(cursor)}`, signal);

/** Never fetched again behind the reader's back: what is new is announced and waits. */
export const threadsQuery = (show: Show) =>
  infiniteQueryOptions({
    queryKey: ['threads', show],
    queryFn: ({ pageParam, signal }) => threadsPage(show, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: Infinity,
  });

/** The first page as it is now, to tell what is new. */
export const latestThreads = (show: Show) => threadsPage(show, null);

export const threadQuery = (patient: string) =>
  queryOptions({ queryKey: ['thread', patient], queryFn: ({ signal }) => read<Thread>(`/api/v1/conversations/${patient}?limit=60`, signal), staleTime: 10_000 });

export const previewQuery = (patient: string, text: string) =>
  queryOptions({
    queryKey: ['preview', patient, text],
    queryFn: () => write<Foreseen>(`/api/v1/conversations/${patient}/preview`, { json: { text } }),
    enabled: text !== '',
    staleTime: 30_000,
    gcTime: 60_000,
  });

export const unknownQuery = queryOptions({
  queryKey: ['unknown'],
  queryFn: ({ signal }) => read<Page<UnknownSender>>('/api/v1/unknown-senders?limit=30', signal),
});

export const unknownThreadQuery = (sender: string) =>
  queryOptions({
    queryKey: ['unknown', sender],
    queryFn: ({ signal }) => read<UnknownThread>(`/api/v1/unknown-senders/${sender}`, signal),
    // a visitor of the site waits while they look
    refetchInterval: 4_000,
  });

const phoneLike = /^[+(]?[\d\s().-]{6,}\d$/;
const date = /\b\d{4}-\d{2}-\d{2}\b/;

/** What was typed, as the look-up takes it: a number, or a name, a date of birth, or both. */
export function lookupPath(words: string): string {
  const born = words.match(date)?.[0];
  if (!born && phoneLike.test(words)) return `/api/v1/patients/lookup?phone=${encodeURIComponent(words)}`;
  const name = words.replace(date, '').trim();
  return `/api/v1/patients/lookup?name=${encodeURIComponent(name)}${born ? `&birthDate=${born}` : ''}`;
}

export const lookupQuery = (words: string) =>
  queryOptions({ queryKey: ['lookup', words], queryFn: ({ signal }) => read<Candidates>(lookupPath(words), signal), enabled: words !== '' });

/** New for each message; the same again when a message is sent again. Works without a secure context, too. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
