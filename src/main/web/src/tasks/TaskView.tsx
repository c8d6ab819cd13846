import { Button, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Problem, write } from '../api/client';
import { taskQuery } from '../api/queries';
import type { Call, CallEnded, Task } from '../api/types';
import { BackIcon, CheckIcon, ChevronIcon, MessageIcon, PersonIcon, PhoneIcon } from '../icons';
import { useSession } from '../session/session';
import { Failure, Waiting } from '../shell/Notices';
import { useKeys } from '../shell/keys';
import { Ago, DueAt } from '../time/Moment';
import { language, taskState } from '../words';
import { CallPanel, callQuery } from './CallPanel';
import { Facts } from './Facts';
import { isClosed, placeInLists } from './lists';
import { TaskForm } from './TaskForm';
import { Visit } from './Visit';

type Props = { task: UseQueryResult<Task>; back: string; next: string | undefined; showPatient: () => void };

export function TaskView({ task, back, next, showPatient }: Props) {
  return (
    <>
      <div className="pane-bar only-phone">
        <Link to={back} className="back">
          <BackIcon /> All tasks
        </Link>
        {task.data?.patientCard && (
          <button type="button" className="back" onClick={showPatient}>
            {task.data.patientCard.name} <ChevronIcon />
          </button>
        )}
      </div>
      {task.isPending && <Waiting what="Opening the task" />}
      {task.isError && !task.data && <Failure problem={task.error} what="The task could not be opened" retry={() => void task.refetch()} />}
      {task.data && <OpenTask task={task.data} next={next} />}
    </>
  );
}

/** Reasons whose next best act is a call. */
const toCall = new Set([
  'no-answer',
  'call-again',
  'unreachable',
  'red-flag',
  'unknown-outcome',
  'opted-out',
  'answer-undelivered',
  'which-undelivered',
  'cancel-unasked',
  'said-in-vain',
]);

function OpenTask({ task, next }: { task: Task; next: string | undefined }) {
  const session = useSession();
  const queries = useQueryClient();
  const work = useRef<HTMLDivElement>(null);
  const mine = task.state === 'claimed' && task.assignee === session.username;
  const open = task.state === 'open';
  const closed = isClosed(task.state);

  useEffect(() => placeInLists(queries, task), [queries, task]);

  const settle = (settled: Task) => {
    queries.setQueryData(taskQuery(task.id).queryKey, settled);
    placeInLists(queries, settled);
  };
  const refetch = (problem: Error) => {
    if (problem instanceof Problem && problem.status === 409) void queries.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
  };
  const claim = useMutation({ mutationFn: () => write<Task>(`/api/v1/tasks/${task.id}/claim`), onSuccess: settle, onError: refetch });
  const release = useMutation({ mutationFn: () => write<Task>(`/api/v1/tasks/${task.id}/release`), onSuccess: settle, onError: refetch });

  const [callEnded, setCallEnded] = useState<CallEnded>();
  const call = useMutation({
    mutationFn: () => write<Call>(`/api/v1/tasks/${task.id}/call`),
    onSuccess: (opened) => {
      setCallEnded(undefined);
      queries.setQueryData(callQuery(opened.id).queryKey, opened);
      void queries.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
    },
    onError: refetch,
  });
  const myCall = task.call?.by === session.username ? task.call.id : undefined;
  const othersCall = task.call && !myCall ? task.call.by : undefined;
  const mayCall = !closed && (open || mine) && task.patientCard !== null && !myCall;

  const toWork = (scroll: boolean) => {
    if (scroll) work.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
    work.current?.querySelector<HTMLElement>('input:not([disabled]), textarea:not([disabled]), select, button')?.focus({ preventScroll: true });
  };
  const begin = async () => {
    // Who claims still reads the head of the task; who asks for the form is brought to it.
    const scroll = !open;
    if (open) await claim.mutateAsync().catch(() => undefined);
    setTimeout(() => toWork(scroll), 60);
  };
  // Only what may be done now has its key: a call that is open uses some of the letters itself.
  useKeys({
    ...(open ? { c: () => void (!claim.isPending && begin()) } : {}),
    ...(mayCall ? { d: () => !call.isPending && call.mutate() } : {}),
  });

  const callsFirst = mayCall && toCall.has(task.reason);
  const act = task.suggestion ?? (open ? 'Claim this task' : null);
  return (
    <article className="task">
      <h1>{task.title}</h1>
      {task.tried.length > 0 && (
        <ul className="tried" aria-label="What was tried">
          {task.tried.map((sentence, index) => (
            <li key={index}>{sentence}</li>
          ))}
        </ul>
      )}
      {!closed && act && (open || mine) && !myCall && (
        <div className="act">
          {callsFirst ? (
            <>
              <Tooltip label="Opens the call with what to say; meanwhile nothing else goes to the patient (d)">
                <Button onClick={() => call.mutate()} loading={call.isPending} leftSection={<PhoneIcon />} className="act-button">
                  {act}
                </Button>
              </Tooltip>
              <Tooltip label={open ? 'Claims the task for you, then opens its form (c)' : 'To the form'}>
                <Button variant="default" onClick={() => void begin()} loading={claim.isPending}>
                  {open ? 'Claim' : 'Form'}
                </Button>
              </Tooltip>
            </>
          ) : (
            <Tooltip label={open ? 'Claims the task for you, then opens its form (c)' : 'To the form'}>
              <Button onClick={() => void begin()} loading={claim.isPending} className="act-button">
                {act}
              </Button>
            </Tooltip>
          )}
          {mayCall && !callsFirst && (
            <Tooltip label="Opens the call with what to say; meanwhile nothing else goes to the patient (d)">
              <Button variant="default" leftSection={<PhoneIcon />} loading={call.isPending} onClick={() => call.mutate()}>
                Call
              </Button>
            </Tooltip>
          )}
          {mine && (
            <Tooltip label="Gives it back to the list; what you typed stays in this tab">
              <Button variant="default" onClick={() => release.mutate()} loading={release.isPending}>
                Release
              </Button>
            </Tooltip>
          )}
          {task.patientCard && (
            <Button variant="subtle" color="gray" leftSection={<MessageIcon />} component={Link} to={`/inbox/${task.patientCard.id}`}>
              Conversation
            </Button>
          )}
        </div>
      )}
      {call.isError && <Failure problem={call.error} what="The call was not opened" />}
      {othersCall && (
        <p className="notice">
          <PhoneIcon /> <span>{othersCall} is on the phone with this patient.</span>
        </p>
      )}
      {callEnded && !myCall && callEnded.task !== 'completed' && (
        <p className="notice notice-good" role="status">
          <CheckIcon /> <span>{callEnded.sentence}</span>
        </p>
      )}
      {myCall && <CallPanel key={myCall} id={myCall} ended={setCallEnded} />}
      {claim.isError && <Failure problem={claim.error} what="You do not hold this task" />}
      {release.isError && <Failure problem={release.error} what="The task could not be released" kept="You still hold it." />}
      {!closed && !open && !mine && (
        <p className="notice">
          <PersonIcon /> <span>{task.assignee} works on this. You can read along; only the holder can complete it.</span>
        </p>
      )}
      {closed && (
        <p className={`notice ${task.state === 'completed' ? 'notice-good' : ''}`} role="status">
          <CheckIcon />
          <span>
            {task.state === 'completed' ? `Done${task.assignee ? ` by ${task.assignee === session.username ? 'you' : task.assignee}` : ''}.` : 'No longer needed.'}
          </span>
          {next && <Link to={next}>Next task</Link>}
        </p>
      )}

      <dl className="strip">
        <div>
          <dt>State</dt>
          <dd>{mine ? 'Yours' : taskState(task.state)}</dd>
        </div>
        {task.dueAt && (
          <div>
            <dt>Due</dt>
            <dd>{closed ? <Ago at={task.dueAt} zone={task.appointment?.zone} /> : <DueAt at={task.dueAt} zone={task.appointment?.zone} />}</dd>
          </div>
        )}
        <div>
          <dt>For</dt>
          <dd>
            {task.orgUnit.name}
            {task.queue && task.queue !== task.orgUnit.name ? `, ${task.queue}` : ''}
          </dd>
        </div>
        {task.language && (
          <div>
            <dt>Language</dt>
            <dd>{language(task.language)}</dd>
          </div>
        )}
        <div>
          <dt>Came up</dt>
          <dd>
            <Ago at={task.createdAt} zone={task.appointment?.zone} />
          </dd>
        </div>
      </dl>

      {task.appointment && <Visit visit={task.appointment} />}

      {!closed && (
        <div ref={work} className="work">
          <TaskForm task={task} mine={mine} settle={settle} />
        </div>
      )}

      <Facts facts={task.facts as Record<string, unknown>} />

      {task.events.length > 0 && (
        <details className="fold" open={closed}>
          <summary>What happened with this task</summary>
          <ol className="happened">
            {task.events.map((event, index) => (
              <li key={index}>
                <span>{event.sentence || taskState(event.kind)}</span>{' '}
                <span className="quiet">
                  {!event.sentence.includes(event.actor) && `${event.actor} · `}
                  <Ago at={event.at} zone={task.appointment?.zone} />
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}
