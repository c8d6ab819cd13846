import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Page, Task, TaskSummary } from '../api/types';

type Lists = InfiniteData<Page<TaskSummary>> | undefined;

function replace(queries: QueryClient, id: string, change: (item: TaskSummary) => TaskSummary): void {
  queries.setQueriesData<Lists>(
    { queryKey: ['tasks'] },
    (lists) =>
      lists && { ...lists, pages: lists.pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === id ? change(item) : item)) })) },
  );
}

/** Writes what is now known of a task where its row stands; no row moves. */
export function placeInLists(queries: QueryClient, task: Task): void {
  const { state, assignee, version, overdue, dueAt, title } = task;
  replace(queries, task.id, (item) => ({ ...item, state, assignee, version, overdue, dueAt, title }));
}

export function markClosed(queries: QueryClient, id: string): void {
  replace(queries, id, (item) => (isClosed(item.state) ? item : { ...item, state: 'completed' }));
}

export const isClosed = (state: string) => state === 'completed' || state === 'cancelled';
