import { Button, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { write } from '../api/client';
import { Attachments } from '../Attachments';
import { ChannelMark } from '../ChannelMark';
import type { Thread, ThreadLine } from '../api/types';
import { BackIcon, ChevronIcon, ClockIcon, NoteIcon, PersonIcon, PhoneIcon } from '../icons';
import { useSession } from '../session/session';
import { Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';
import { messageState, messageTone } from '../words';
import { Composer } from './Composer';
import { threadQuery } from './queries';

type Props = { id: string; thread: UseQueryResult<Thread>; back: string; showPatient: () => void };

export function ThreadView({ id, thread, back, showPatient }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const lines = [...(thread.data?.lines ?? [])].reverse();
  const last = lines.at(-1)?.id;
  // The newest in sight. Nothing is returned: some browsers answer a scroll with a promise, which would be taken for a clean-up.
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [last]);
  return (
    <div className="thread">
      <div className="pane-bar only-phone">
        <Link to={back} className="back">
          <BackIcon /> Inbox
        </Link>
        {thread.data && (
          <button type="button" className="back" onClick={showPatient}>
            {thread.data.patient.name} <ChevronIcon />
          </button>
        )}
      </div>
      {thread.isPending && <Waiting what="Opening the conversation" />}
      {thread.isError && !thread.data && (
        <Failure problem={thread.error} what="The conversation could not be opened" retry={() => void thread.refetch()} />
      )}
      {thread.data && (
        <>
          <Head id={id} thread={thread.data} />
          <div className="thread-lines" ref={end} role="log" aria-label="What was said, the newest last" tabIndex={0}>
            {thread.data.next && (
              <p className="quiet thread-older">
                What was said before is on <Link to={`/patients/${id}`}>the patient’s page</Link>.
              </p>
            )}
            {lines.length === 0 && <p className="quiet">Nothing was said yet.</p>}
            {lines.map((line) => (
              <Line key={line.id} line={line} zone={thread.data.patient.zone} />
            ))}
          </div>
          <Composer id={id} thread={thread.data} />
        </>
      )}
    </div>
  );
}

function Head({ id, thread }: { id: string; thread: Thread }) {
  const session = useSession();
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: threadQuery(id).queryKey });
  const take = useMutation({ mutationFn: () => write(`/api/v1/conversations/${id}/takeover`), onSettled: again });
  const giveBack = useMutation({ mutationFn: () => write(`/api/v1/conversations/${id}/return`), onSettled: again });
  const taken = thread.takenOver;
  const mayReturn = taken && (taken.mine || session.role === 'supervisor');
  return (
    <header className="thread-bar">
      <div>
        <h1>{thread.patient.name}</h1>
        {taken ? (
          <p className="thread-state tone-soon">
            <PersonIcon size={14} />{' '}
            {taken.mine
              ? 'You talk with the patient: journeys wait, and replies come to you'
              : `${taken.by} talks with the patient: journeys wait, and replies go to them`}
          </p>
        ) : (
          <p className="thread-state quiet">Journeys write and hear here as planned</p>
        )}
        {thread.calledBy && (
          <p className="thread-state tone-soon">
            <PhoneIcon size={14} /> {thread.calledBy === session.username ? 'You are' : `${thread.calledBy} is`} on the phone with the patient
          </p>
        )}
      </div>
      {!taken && (
        <Tooltip label="What journeys would send waits, and what the patient writes comes to you, until you hand it back">
          <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
            Take over
          </Button>
        </Tooltip>
      )}
      {mayReturn && (
        <Tooltip label="What waited goes out; the journeys hear the patient again">
          <Button variant="default" loading={giveBack.isPending} onClick={() => giveBack.mutate()}>
            Hand back
          </Button>
        </Tooltip>
      )}
      {take.isError && <Failure problem={take.error} what="You did not take it over" />}
      {giveBack.isError && <Failure problem={giveBack.error} what="It was not handed back" />}
    </header>
  );
}

function Line({ line, zone }: { line: ThreadLine; zone?: string | null }) {
  const me = useSession().username;
  const [open, setOpen] = useState(false);
  const who =
    line.kind === 'reply' ? 'Patient' : line.authorKind === 'person' ? (line.author === me ? 'You' : line.author) : line.authorKind === 'journey' ? 'Journey' : 'Throughline';
  return (
    <div className={`said said-${line.kind} ${line.planned ? 'entry-planned' : ''}`}>
      {line.text && (
        <p className={`bubble ${line.kind === 'reply' ? 'bubble-reply' : ''} ${line.kind === 'note' ? 'bubble-note' : ''}`} dir="auto">
          {line.text}
        </p>
      )}
      <Attachments of={line.attachments} />
      <p className="entry-foot">
        <span>
          {line.kind === 'note' && (
            <>
              <NoteIcon size={13} /> Note by{' '}
            </>
          )}
          {line.kind === 'note' ? who.replace('You', 'you') : who}
        </span>
        <span>
          {line.planned && <ClockIcon size={13} />} <Ago at={line.at} zone={zone} />
        </span>
        {line.channel && <ChannelMark code={line.channel} />}
        {line.kind === 'message' && line.state && <span className={`tone-${messageTone(line.state)}`}>{messageState(line.state)}</span>}
        {line.why && line.kind === 'message' && (
          <button type="button" className="why" aria-expanded={open} onClick={() => setOpen(!open)}>
            Why?
          </button>
        )}
      </p>
      {open && <p className="because">{line.why}</p>}
    </div>
  );
}
