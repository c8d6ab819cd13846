import { Button, Skeleton } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { Link } from 'react-router';
import type { TaskFilter } from '../api/queries';
import type { TaskSummary } from '../api/types';
import { CheckIcon, PersonIcon } from '../icons';
import { useSession } from '../session/session';
import { Empty, Failure } from '../shell/Notices';
import { Ago, DueAt } from '../time/Moment';
import { language, taskState } from '../words';
import { isClosed } from './lists';

type Props = {
  list: UseInfiniteQueryResult;
  items: TaskSummary[];
  filter: TaskFilter;
  show: (filter: TaskFilter) => void;
  openId: string | undefined;
  arrived: number;
  changed: ReadonlySet<string>;
  refresh: () => void;
  rows: RefObject<HTMLDivElement | null>;
  kept: string;
};

const tabs: [TaskFilter, string][] = [
  ['open', 'Open'],
  ['mine', 'Mine'],
  ['closed', 'Closed'],
];

const empty: Record<TaskFilter, [string, string]> = {
  open: ['Nothing waits for a person', 'A task comes here when a patient does not answer, asks something only a person may answer, or a message cannot be delivered.'],
  mine: ['You hold no task', 'Open one from the open list and claim it (c). It stays here until you complete or release it.'],
  closed: ['No task was closed yet', 'Completed tasks are kept here with what was done and by whom.'],
};

export function Worklist({ list, items, filter, show, openId, arrived, changed, refresh, rows, kept }: Props) {
  return (
    <>
      <div className="list-head">
        <div className="tabs" role="group" aria-label="Which tasks">
          {tabs.map(([value, name]) => (
            <button key={value} type="button" aria-pressed={filter === value} onClick={() => show(value)}>
              {name}
            </button>
          ))}
        </div>
        <Button variant="subtle" size="compact-sm" color="gray" onClick={refresh}>
          Refresh
        </Button>
      </div>
      <div aria-live="polite">
        {arrived > 0 && filter !== 'closed' && (
          <button type="button" className="announce" onClick={refresh}>
            {arrived} new {arrived === 1 ? 'task' : 'tasks'} <span>Show</span>
          </button>
        )}
      </div>
      <div className="rows" ref={rows}>
        {list.isPending && <RowsLoading />}
        {list.isError && items.length === 0 && <Failure problem={list.error} what="The tasks could not be read" retry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && <Empty title={empty[filter][0]}>{empty[filter][1]}</Empty>}
        <ul>
          {items.map((item) => (
            <li key={item.id}>
              <Row item={item} open={item.id === openId} changed={changed.has(item.id)} kept={kept} />
            </li>
          ))}
        </ul>
        {list.isFetchNextPageError && <Failure problem={list.error} what="No more tasks could be read" kept="The ones above stay." />}
        {list.hasNextPage && (
          <Button variant="default" fullWidth className="more" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Load more
          </Button>
        )}
      </div>
    </>
  );
}

function Row({ item, open, changed, kept }: { item: TaskSummary; open: boolean; changed: boolean; kept: string }) {
  const session = useSession();
  const closed = isClosed(item.state);
  return (
    <Link to={`/tasks/${item.id}${kept}`} className={`row ${closed ? 'row-closed' : ''}`} aria-current={open} data-task-row>
      <span className="row-title">{item.title}</span>
      <span className="row-facts">
        {item.patient && <span className="row-patient">{item.patient.name}</span>}
        {item.language && !item.language.startsWith('en') && <span>{language(item.language)}</span>}
        {item.assignee && !closed && (
          <span className="holder">
            <PersonIcon size={13} /> {item.assignee === session.username ? 'You' : item.assignee}
          </span>
        )}
        {changed && <span className="tag">Changed</span>}
        <span className="row-due">
          {closed ? (
            <span className={item.state === 'completed' ? 'tone-good' : ''}>
              {item.state === 'completed' && <CheckIcon size={13} />} {taskState(item.state)}
            </span>
          ) : item.dueAt ? (
            <DueAt at={item.dueAt} />
          ) : (
            <Ago at={item.createdAt} />
          )}
        </span>
      </span>
    </Link>
  );
}

function RowsLoading() {
  return (
    <div role="status" aria-label="Reading the tasks">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="row">
          <Skeleton height={13} width="92%" />
          <Skeleton height={11} width="55%" mt={8} />
        </div>
      ))}
    </div>
  );
}
