import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useServerEvents } from '../api/events';
import type { ThreadSummary } from '../api/types';
import { BackIcon, PersonIcon, PhoneIcon, QuestionIcon } from '../icons';
import { PatientCard } from '../patients/PatientCard';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { useKeys } from '../shell/keys';
import { Ago, DueAt } from '../time/Moment';
import { language, whence } from '../words';
import { latestThreads, threadQuery, threadsQuery, unknownQuery, type Show } from './queries';
import { ThreadView } from './ThreadView';
import { UnknownView } from './UnknownView';
import './talk.css';

const shows: [Show, string][] = [
  ['needs-person', 'Needs a person'],
  ['mine', 'Mine'],
  ['all', 'All'],
];

const empty: Record<Show, [string, string]> = {
  'needs-person': ['Nobody waits for an answer', 'A conversation comes here when a patient writes something a person should read, or a call is due.'],
  mine: ['You talk with nobody now', 'Conversations you took over, and those whose task you hold, are here.'],
  all: ['Nobody has written yet', 'A conversation comes here with the first thing a patient or a person writes.'],
};

/** Who waits, what was said, and who it is: side by side on a desk, one at a time on a phone. */
export default function InboxPage() {
  const { id, sender } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const show = shows.find(([each]) => each === search.get('show'))?.[0] ?? 'needs-person';
  const list = useInfiniteQuery(threadsQuery(show));
  const unknown = useQuery(unknownQuery);
  const thread = useQuery({ ...threadQuery(id ?? ''), enabled: id !== undefined });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [news, setNews] = useState<ReadonlySet<string>>(new Set());
  const looking = useRef<ReturnType<typeof setTimeout>>(undefined);
  const rows = useRef<HTMLDivElement>(null);
  const kept = show === 'needs-person' ? '' : `?show=${show}`;
  const showsPatient = search.get('pane') === 'patient';

  /** Looks once for many events: most are about messages nobody has to answer. */
  function look() {
    clearTimeout(looking.current);
    looking.current = setTimeout(async () => {
      const latest = await latestThreads(show).catch(() => undefined);
      if (!latest) return;
      const known = new Map(items.map((item) => [item.patient.id, item.activeAt]));
      setNews(new Set(latest.items.filter((item) => (known.get(item.patient.id) ?? '') < item.activeAt).map((item) => item.patient.id)));
    }, 800);
  }

  useServerEvents({
    timeline: (event) => {
      if (event.patient === id) void queries.invalidateQueries({ queryKey: threadQuery(event.patient).queryKey });
      look();
    },
    task: () => {
      void queries.invalidateQueries({ queryKey: unknownQuery.queryKey });
      look();
    },
  });

  async function refresh() {
    setNews(new Set());
    await queries.resetQueries({ queryKey: threadsQuery(show).queryKey });
    rows.current?.scrollTo({ top: 0 });
  }

  const step = (by: number) => {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('[data-thread-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.getAttribute('aria-current') === 'true');
    const target = links[Math.min(Math.max(from + by, 0), links.length - 1)];
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
  };
  const opened = id !== undefined || sender !== undefined;
  useKeys({ j: () => step(1), k: () => step(-1), Escape: () => opened && navigate(`/inbox${kept}`) });

  const fresh = [...news].filter((patient) => patient !== id);
  const toPatient = (pane: boolean) =>
    setSearch((before) => {
      const rest = [...before].filter(([key]) => key !== 'pane');
      return Object.fromEntries(pane ? [...rest, ['pane', 'patient']] : rest);
    });
  return (
    <div className={`panes ${opened ? (showsPatient ? 'on-patient' : 'on-task') : 'on-list'}`}>
      <title>{thread.data ? `${thread.data.patient.name} · Throughline` : 'Inbox · Throughline'}</title>
      <section className="pane pane-list" aria-label="Who writes">
        <div className="list-head">
          <div className="tabs" role="group" aria-label="Which conversations">
            {shows.map(([value, name]) => (
              <button
                key={value}
                type="button"
                aria-pressed={show === value}
                onClick={() => {
                  setNews(new Set());
                  void queries.resetQueries({ queryKey: threadsQuery(value).queryKey });
                  setSearch(value === 'needs-person' ? {} : { show: value });
                }}
              >
                {name}
              </button>
            ))}
          </div>
          <Button variant="subtle" size="compact-sm" color="gray" onClick={() => void refresh()}>
            Refresh
          </Button>
        </div>
        <div aria-live="polite">
          {fresh.length > 0 && (
            <button type="button" className="announce" onClick={() => void refresh()}>
              {fresh.length === 1 ? '1 conversation went on' : `${fresh.length} conversations went on`} <span>Show</span>
            </button>
          )}
        </div>
        <div className="rows" ref={rows}>
          {list.isPending && <Waiting what="Reading the inbox" />}
          {list.isError && items.length === 0 && <Failure problem={list.error} what="The inbox could not be read" retry={() => void list.refetch()} />}
          {(unknown.data?.items.length ?? 0) > 0 && (
            <ul aria-label="Numbers nobody knows">
              {unknown.data?.items.map((each) => (
                <li key={each.id}>
                  <Link to={`/inbox/number/${each.id}${kept}`} className="row" aria-current={each.id === sender} data-thread-row>
                    <span className="thread-head">
                      <span className="thread-name">
                        <QuestionIcon size={14} /> {whence(each)}
                      </span>
                      <Ago at={each.lastAt} />
                    </span>
                    <span className="row-facts">
                      <span className="tag">{each.sharedBy.length > 0 ? 'Shared phone' : each.channel === 'chat' ? 'Chat visitor' : 'Unknown sender'}</span>
                      <span>{each.waiting === 1 ? '1 message waits' : `${each.waiting} messages wait`}</span>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
          {list.isSuccess && items.length === 0 && <Empty title={empty[show][0]}>{empty[show][1]}</Empty>}
          <ul aria-label="Conversations">
            {items.map((item) => (
              <li key={item.patient.id}>
                <Row item={item} open={item.patient.id === id} changed={fresh.includes(item.patient.id)} kept={kept} />
              </li>
            ))}
          </ul>
          {list.hasNextPage && (
            <Button variant="default" fullWidth className="more" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Load more
            </Button>
          )}
        </div>
      </section>
      <main className="pane pane-task pane-thread" aria-label="What was said">
        {id && <ThreadView key={id} id={id} thread={thread} back={`/inbox${kept}`} showPatient={() => toPatient(true)} />}
        {sender && <UnknownView key={sender} id={sender} back={`/inbox${kept}`} />}
        {!opened && <Empty title="No conversation is open">Choose one from the list: j and k move, Enter opens.</Empty>}
      </main>
      <aside className="pane pane-patient" aria-label="Who it is">
        {id && (
          <button type="button" className="back only-phone" onClick={() => toPatient(false)}>
            <BackIcon /> Back to the conversation
          </button>
        )}
        {thread.data && (
          <>
            <PatientCard card={thread.data.patient} linked />
            <section className="recent" aria-label="Open tasks">
              <h3>Open tasks</h3>
              {thread.data.tasks.length === 0 && <p className="quiet">None. What is settled is on the patient’s page.</p>}
              <ul className="thread-tasks">
                {thread.data.tasks.map((task) => (
                  <li key={task.id}>
                    <Link to={`/tasks/${task.id}`}>{task.title}</Link>
                    <span className="quiet">
                      {task.assignee ? `${task.assignee} · ` : ''}
                      <DueAt at={task.dueAt} zone={thread.data.patient.zone} />
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          </>
        )}
      </aside>
    </div>
  );
}

function Row({ item, open, changed, kept }: { item: ThreadSummary; open: boolean; changed: boolean; kept: string }) {
  const me = useSession().username;
  return (
    <Link to={`/inbox/${item.patient.id}${kept}`} className="row" aria-current={open} data-thread-row>
      <span className="thread-head">
        <span className="thread-name">{item.patient.name}</span>
        <Ago at={item.activeAt} />
      </span>
      {item.lastText && (
        <span className="thread-last" dir="auto">
          {item.lastBy === 'patient' ? '' : item.lastBy === 'person' ? 'Answered: ' : 'Sent: '}
          {item.lastText}
        </span>
      )}
      <span className="row-facts">
        {item.language && !item.language.startsWith('en') && <span>{language(item.language)}</span>}
        {item.takenBy && (
          <span className="holder">
            <PersonIcon size={13} /> {item.takenBy === me ? 'You talk' : `${item.takenBy} talks`}
          </span>
        )}
        {item.calledBy && (
          <span className="holder">
            <PhoneIcon size={13} /> {item.calledBy === me ? 'You call' : `${item.calledBy} calls`}
          </span>
        )}
        {changed && <span className="tag">New</span>}
        {item.openTasks > 0 && <span className="row-due">{item.openTasks === 1 ? '1 open task' : `${item.openTasks} open tasks`}</span>}
      </span>
    </Link>
  );
}
