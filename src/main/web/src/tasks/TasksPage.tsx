import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useServerEvents } from '../api/events';
import { taskQuery, tasksQuery, type TaskFilter } from '../api/queries';
import { PatientCard } from '../patients/PatientCard';
import { RecentTimeline } from '../patients/RecentTimeline';
import { BackIcon } from '../icons';
import { Empty } from '../shell/Notices';
import { useKeys } from '../shell/keys';
import { markClosed } from './lists';
import { TaskView } from './TaskView';
import { Worklist } from './Worklist';

const filters: TaskFilter[] = ['open', 'mine', 'closed'];

/** What to work on, the work, and who it is about: side by side on a desk, one at a time on a phone. */
export function TasksPage() {
  const { id } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const filter = filters.find((each) => each === search.get('show')) ?? 'open';
  const list = useInfiniteQuery(tasksQuery(filter));
  const task = useQuery({ ...taskQuery(id ?? ''), enabled: id !== undefined });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set());
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const rows = useRef<HTMLDivElement>(null);
  const showsPatient = search.get('pane') === 'patient';

  useServerEvents({
    timeline: (event) => {
      // somebody called the patient, or took the conversation over
      if (id && event.patient === task.data?.patientCard?.id) void queries.invalidateQueries({ queryKey: taskQuery(id).queryKey });
    },
    task: (event) => {
      if (event.id === id) void queries.invalidateQueries({ queryKey: taskQuery(event.id).queryKey });
      const shown = items.some((item) => item.id === event.id);
      if (event.kind === 'closed') {
        setArrived((ids) => without(ids, event.id));
        markClosed(queries, event.id);
      } else if (shown) {
        if (event.id !== id) setChanged((ids) => new Set(ids).add(event.id));
      } else if (event.kind === 'created') {
        // An empty list has nobody reading it, and must never say that nobody waits while somebody does.
        if (list.isSuccess && items.length === 0) void refresh();
        else setArrived((ids) => new Set(ids).add(event.id));
      }
    },
  });

  async function refresh() {
    setArrived(new Set());
    setChanged(new Set());
    await queries.resetQueries({ queryKey: tasksQuery(filter).queryKey });
    rows.current?.scrollTo({ top: 0 });
  }

  function show(next: TaskFilter) {
    setArrived(new Set());
    setChanged(new Set());
    // The other list may be minutes old; the reader asked for it now.
    void queries.resetQueries({ queryKey: tasksQuery(next).queryKey });
    setSearch(next === 'open' ? {} : { show: next });
  }

  const step = (by: number) => {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('[data-task-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.getAttribute('aria-current') === 'true');
    const target = links[Math.min(Math.max(from + by, 0), links.length - 1)];
    target?.focus();
    target?.scrollIntoView({ block: 'nearest' });
  };
  const kept = filter === 'open' ? '' : `?show=${filter}`;
  useKeys({ j: () => step(1), k: () => step(-1), Escape: () => id && navigate(`/tasks${kept}`) });

  const position = items.findIndex((item) => item.id === id);
  const next = items.find((item, index) => index > position && item.state === 'open') ?? items.find((item) => item.state === 'open' && item.id !== id);
  const patient = task.data?.patientCard;

  return (
    <div className={`panes ${id ? (showsPatient ? 'on-patient' : 'on-task') : 'on-list'}`}>
      <title>{task.data ? `${task.data.title} · Throughline` : 'Tasks · Throughline'}</title>
      <section className="pane pane-list" aria-label="What to work on">
        <Worklist
          list={list}
          items={items}
          filter={filter}
          show={show}
          openId={id}
          arrived={arrived.size}
          changed={changed}
          refresh={refresh}
          rows={rows}
          kept={kept}
        />
      </section>
      <main className="pane pane-task" aria-label="The task">
        {id ? (
          <TaskView
            key={id}
            task={task}
            back={`/tasks${kept}`}
            next={next && `/tasks/${next.id}${kept}`}
            showPatient={() => setSearch((before) => ({ ...Object.fromEntries(before), pane: 'patient' }))}
          />
        ) : (
          <Empty title="No task is open">Choose one from the list: j and k move, Enter opens.</Empty>
        )}
      </main>
      <aside className="pane pane-patient" aria-label="Who it is about">
        {id && (
          <button
            type="button"
            className="back only-phone"
            onClick={() => setSearch((before) => Object.fromEntries([...before].filter(([key]) => key !== 'pane')))}
          >
            <BackIcon /> Back to the task
          </button>
        )}
        {patient && (
          <>
            <PatientCard card={patient} linked />
            <RecentTimeline patient={patient.id} />
          </>
        )}
        {id && task.data && !patient && <Empty title="This task is about no single patient" />}
      </aside>
    </div>
  );
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((each) => each !== id));
}
