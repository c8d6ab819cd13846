import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { read, write } from '../api/client';
import type { Page, TextDetail, TextSummary } from '../api/types';

export const textsQuery = queryOptions({
  queryKey: ['texts'],
  queryFn: ({ signal }) => read<Page<TextSummary>>('/api/v1/templates', signal),
});

export const textQuery = (key: string) =>
  queryOptions({
    queryKey: ['texts', key],
    queryFn: ({ signal }) => read<TextDetail>(`/api/v1/templates/${encodeURIComponent(key)}`, signal),
  });

/** What is changed is read again. */
export function useChange(path: string, done: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (json: unknown) => write(path, { json }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['texts'] });
      done();
    },
  });
}
