import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { observeServerClock } from '../time/clock';
import { Problem, read } from './client';
import type { Instance, Journey, JourneyDetail, Page, PatientCard, PatientSummary, Session, Task, TaskSummary, TimelineEntry } from './types';

export type TaskFilter = 'open' | 'mine' | 'closed';

const after = (cursor: string | null) => (cursor ? `&after=${encodeURIComponent(cursor)}` : '');

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await read<Session>('/api/v1/session', signal, true);
      observeServerClock(session.now);
      return session;
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) return null;
      throw problem;
    }
  },
  staleTime: Infinity,
  // The practice clock can be moved; times on the pages follow it.
  refetchInterval: (query) => (query.state.data?.local ? 20_000 : false),
});

/** Never fetched again behind the reader's back: new tasks are announced and wait. */
export const tasksQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ['tasks', filter],
    queryFn: ({ pageParam, signal }) => read<Page<TaskSummary>>(`/api/v1/tasks?state=${filter}&limit=50${after(pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: Infinity,
  });

export const taskQuery = (id: string) =>
  queryOptions({ queryKey: ['task', id], queryFn: ({ signal }) => read<Task>(`/api/v1/tasks/${id}`, signal), staleTime: 30_000 });

export const stepsQuery = (journey: string) =>
  queryOptions({ queryKey: ['steps', journey], queryFn: ({ signal }) => read<Instance>(`/api/v1/journeys/instances/${journey}`, signal), staleTime: 5_000 });

export const patientsQuery = (words: string) =>
  queryOptions({
    queryKey: ['patients', words],
    queryFn: ({ signal }) => {
      const by = words.includes('|') ? 'identifier' : 'q';
      return read<Page<PatientSummary>>(`/api/v1/patients?${by}=${encodeURIComponent(words)}`, signal);
    },
    enabled: words.length > 0,
  });

export const patientQuery = (id: string) =>
  queryOptions({ queryKey: ['patient', id], queryFn: ({ signal }) => read<PatientCard>(`/api/v1/patients/${id}`, signal), staleTime: 60_000 });

export const timelineQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['timeline', id],
    queryFn: ({ pageParam, signal }) => read<Page<TimelineEntry>>(`/api/v1/patients/${id}/timeline?limit=50${after(pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: Infinity,
  });

export const journeysQuery = queryOptions({
  queryKey: ['journeys'],
  queryFn: ({ signal }) => read<Page<Journey>>('/api/v1/journeys', signal),
});

export const journeyQuery = (key: string) =>
  queryOptions({
    queryKey: ['journey', key],
    queryFn: ({ signal }) => read<JourneyDetail>(`/api/v1/journeys/${encodeURIComponent(key)}`, signal),
  });
