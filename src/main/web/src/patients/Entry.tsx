import { useId, useState, type ComponentType } from 'react';
import type { TimelineEntry } from '../api/types';
import {
  CalendarIcon,
  CheckIcon,
  ClockIcon,
  ConsentIcon,
  CrossIcon,
  DecisionIcon,
  DoubleCheckIcon,
  MessageIcon,
  NoteIcon,
  PathIcon,
  PhoneIcon,
  ReplyIcon,
  TaskIcon,
  WarningIcon,
} from '../icons';
import { Ago } from '../time/Moment';
import { pagesOf, useSession } from '../session/session';
import { Attachments } from '../Attachments';
import { ChannelMark } from '../ChannelMark';
import { messageState, messageTone, tracked } from '../words';
import { Steps } from './Steps';

const kinds: Record<string, ComponentType<{ size?: number }>> = {
  message: MessageIcon,
  reply: ReplyIcon,
  decision: DecisionIcon,
  appointment: CalendarIcon,
  journey: PathIcon,
  task: TaskIcon,
  consent: ConsentIcon,
  note: NoteIcon,
  call: PhoneIcon,
};

const states: Record<string, ComponentType<{ size?: number }>> = {
  accepted: CheckIcon,
  sent: CheckIcon,
  delivered: DoubleCheckIcon,
  read: DoubleCheckIcon,
  undelivered: WarningIcon,
  failed: WarningIcon,
  unknown: WarningIcon,
  parked: WarningIcon,
  suppressed: CrossIcon,
};

/** One thing that happened to a patient, or is planned to. The reason unfolds where one was kept. */
export function Entry({ entry, zone }: { entry: TimelineEntry; zone?: string | null }) {
  const [open, setOpen] = useState(false);
  const [stepping, setStepping] = useState(false);
  const why = useId();
  const session = useSession();
  const journey = entry.kind === 'journey' && pagesOf(session).includes('journeys') ? entry.journeyInstance : undefined;
  const Kind = kinds[entry.kind] ?? NoteIcon;
  const followed = (entry.details?.tracked ?? []) as { at: string; what: string }[];
  const said = entry.kind === 'message' || entry.kind === 'reply';
  const author = entry.by?.name && !(entry.kind === 'reply' && entry.by.kind === 'patient') ? entry.by.name : undefined;
  return (
    <li className={`entry entry-${entry.kind} ${entry.planned ? 'entry-planned' : ''}`}>
      <span className="entry-mark">
        <Kind />
      </span>
      <div className="entry-body">
        <p className="entry-head">
          <span className="entry-title">{entry.title}</span>
          <span className="entry-when">
            {entry.planned && <ClockIcon size={13} />} <Ago at={entry.at} zone={zone} />
          </span>
        </p>
        {entry.text && (
          <p className={said ? `bubble bubble-${entry.kind}` : 'entry-text'} dir="auto">
            {entry.text}
          </p>
        )}
        <Attachments of={entry.attachments} />
        <p className="entry-foot">
          {author && <span>{author}</span>}
          {entry.channel && <ChannelMark code={entry.channel} />}
          {said && entry.state && entry.kind === 'message' && <State state={entry.state} />}
          {(entry.why || followed.length > 0) && (
            <button type="button" className="why" aria-expanded={open} aria-controls={why} onClick={() => setOpen(!open)}>
              Why?
            </button>
          )}
          {journey && (
            <button type="button" className="why" aria-expanded={stepping} onClick={() => setStepping(!stepping)}>
              Step by step
            </button>
          )}
        </p>
        {journey && stepping && <Steps journey={journey} zone={zone} />}
        {(entry.why || followed.length > 0) && (
          <div id={why} hidden={!open}>
            {entry.why && <p className="because">{entry.why}</p>}
            {followed.length > 0 && (
              <p className="followed">
                {followed.map((one, n) => (
                  <span key={one.at + one.what}>
                    {n > 0 && ' · '}
                    {tracked(one.what)} <Ago at={one.at} zone={zone} />
                  </span>
                ))}
              </p>
            )}
          </div>
        )}
      </div>
    </li>
  );
}

function State({ state }: { state: string }) {
  const Icon = states[state] ?? ClockIcon;
  return (
    <span className={`tone-${messageTone(state)}`}>
      <Icon size={13} /> {messageState(state)}
    </span>
  );
}
