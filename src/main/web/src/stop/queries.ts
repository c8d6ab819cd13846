import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from '../api/client';
import type { Absence, Budget, Hold, HoldPreview, Page, Queue, ShadowMessage, ShadowReport, Unit } from '../api/types';

export const holdsQuery = queryOptions({
  queryKey: ['holds', 'in-force'],
  queryFn: ({ signal }) => read<Page<Hold>>('/api/v1/holds', signal),
  refetchInterval: 20_000,
});

export const formerHoldsQuery = queryOptions({
  queryKey: ['holds', 'all'],
  queryFn: ({ signal }) => read<Page<Hold>>('/api/v1/holds?state=all', signal),
});

export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: ['hold-preview', id],
    queryFn: ({ signal }) => read<HoldPreview>(`/api/v1/holds/${id}/preview`, signal),
    staleTime: 0,
    gcTime: 0,
  });

export const unitsQuery = queryOptions({ queryKey: ['units'], queryFn: ({ signal }) => read<Page<Unit>>('/api/v1/units', signal) });

export const budgetsQuery = queryOptions({ queryKey: ['budgets'], queryFn: ({ signal }) => read<Page<Budget>>('/api/v1/budgets', signal) });

export const shadowReportQuery = (unit: string, days: number) =>
  queryOptions({
    queryKey: ['shadow-report', unit, days],
    queryFn: ({ signal }) => read<ShadowReport>(`/api/v1/units/${unit}/shadow-report?days=${days}`, signal),
  });

export const shadowMessagesQuery = (unit: string, days: number) =>
  infiniteQueryOptions({
    queryKey: ['shadow-messages', unit, days],
    queryFn: ({ pageParam, signal }) =>
      read<Page<ShadowMessage>>(
        `/api/v1/units/${unit}/shadow-report/messages?days=${days}&limit=25${pageParam ? `&after=${pageParam}` : ''}`,
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const allowListQuery = (unit: string) =>
  queryOptions({
    queryKey: ['allow-list', unit],
    queryFn: ({ signal }) => read<{ patients: string[] }>(`/api/v1/units/${unit}/allow-list`, signal),
  });

export const queuesQuery = queryOptions({ queryKey: ['queues'], queryFn: ({ signal }) => read<Page<Queue>>('/api/v1/queues', signal) });

export const absencesQuery = queryOptions({ queryKey: ['absences'], queryFn: ({ signal }) => read<Page<Absence>>('/api/v1/absences', signal) });
