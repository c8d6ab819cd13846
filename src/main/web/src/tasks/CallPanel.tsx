import { Button, Kbd } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { queryOptions } from '@tanstack/react-query';
import { read, write } from '../api/client';
import { taskQuery } from '../api/queries';
import type { Call, CallEnded } from '../api/types';
import { ClockIcon, PhoneIcon, WarningIcon } from '../icons';
import { Failure, Waiting } from '../shell/Notices';
import { useKeys } from '../shell/keys';
import { useNow } from '../time/clock';
import { language, phoneNumber, phoneUse } from '../words';
import './call.css';

export const callQuery = (id: string) =>
  queryOptions({ queryKey: ['call', id], queryFn: ({ signal }) => read<Call>(`/api/v1/calls/${id}`, signal), staleTime: Infinity });

type Props = { id: string; ended: (told: CallEnded) => void };

/** The patient is on the phone: whom to call, what to say, and how it ended in three keys. */
export function CallPanel({ id, ended }: Props) {
  const queries = useQueryClient();
  const call = useQuery(callQuery(id));
  const panel = useRef<HTMLElement>(null);
  const [choosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const [note, setNote] = useState('');
  const [number, setNumber] = useState<string>();

  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, [id]);

  const numbers = call.data?.numbers ?? [];
  const called = number ?? numbers[0]?.value;
  const end = useMutation({
    mutationFn: (outcome: string) =>
      write<CallEnded>(`/api/v1/calls/${id}/outcome`, { json: { outcome, note: note.trim() || null, number: outcome === 'wrong-number' ? called : null } }),
    onSuccess: (told) => {
      if (call.data?.task) void queries.invalidateQueries({ queryKey: taskQuery(call.data.task).queryKey });
      void queries.invalidateQueries({ queryKey: ['timeline'] });
      void queries.invalidateQueries({ queryKey: ['tasks'] });
      ended(told);
    },
  });
  const submit = () => {
    if (chosen && !end.isPending) end.mutate(chosen);
  };
  const outcomes = call.data?.outcomes ?? [];
  const choose = (key: string) => () => {
    const outcome = outcomes.find((each) => each.key === key);
    if (choosing && outcome) setChosen(outcome.code);
  };
  useKeys({
    o: () => {
      setChoosing(true);
      panel.current?.focus();
      panel.current?.querySelector('.call-outcomes')?.scrollIntoView({ block: 'nearest' });
    },
    ...(choosing ? Object.fromEntries(outcomes.map((each) => [each.key, choose(each.key)])) : {}),
    ...(choosing && chosen ? { Enter: submit } : {}),
  });

  if (call.isPending) return <Waiting what="Opening the call" />;
  if (!call.data) return <Failure problem={call.error} what="The call could not be opened" retry={() => void call.refetch()} />;
  const foreign = call.data.scriptLanguage !== 'en';
  return (
    <section className="call" aria-label="The call" ref={panel} tabIndex={-1}>
      <header className="call-head">
        <h2>
          <PhoneIcon /> On the phone with {call.data.patient.name}
        </h2>
        <Elapsed since={call.data.openedAt} />
      </header>
      <p className="quiet">Nothing goes to the patient by itself until you say how it ended.</p>
      {call.data.warning && (
        <p className="tone-soon" role="note">
          <WarningIcon size={14} /> {call.data.warning}
        </p>
      )}
      {call.data.interpreterNeeded && (
        <p className="tone-soon">
          <WarningIcon size={14} /> The patient needs an interpreter: bring one onto the line first.
        </p>
      )}
      <ul className="call-numbers" aria-label="Numbers">
        {numbers.map((each) => (
          <li key={each.value}>
            <label>
              {numbers.length > 1 && <input type="radio" name="number" checked={called === each.value} onChange={() => setNumber(each.value)} />}
              <a href={`tel:${each.value}`} className="number">
                {phoneNumber(each.value)}
              </a>{' '}
              <span className="quiet">{each.use ? phoneUse(each.use).toLowerCase() : ''}</span>
            </label>
          </li>
        ))}
        {numbers.length === 0 && <li className="tone-soon">No number is known. Look in the record, then take down how it ended.</li>}
      </ul>

      <div className={`script ${foreign ? 'script-two' : ''}`}>
        <h3>
          What to say {foreign && <span className="quiet">in {language(call.data.scriptLanguage)}, with English beside it</span>}
        </h3>
        <dl>
          {call.data.script.map((line, index) => (
            <div key={index}>
              <dt>{line.part}</dt>
              <dd lang={call.data.scriptLanguage}>{line.text}</dd>
              {line.english && (
                <dd lang="en" className="quiet">
                  {line.english}
                </dd>
              )}
            </div>
          ))}
        </dl>
      </div>

      <div className="call-outcomes">
        <h3>
          How did it end? <span className="quiet">Press</span> <Kbd>o</Kbd>
          <span className="quiet">, a letter, then</span> <Kbd>Enter</Kbd>
        </h3>
        <div className="outcomes" role="radiogroup" aria-label="How did it end?">
          {outcomes.map((each) => (
            <button
              key={each.code}
              type="button"
              role="radio"
              aria-checked={chosen === each.code}
              onClick={() => {
                setChoosing(true);
                setChosen(each.code);
              }}
            >
              <Kbd>{each.key}</Kbd> {each.label}
            </button>
          ))}
        </div>
        <textarea
          rows={2}
          maxLength={2000}
          value={note}
          aria-label="Note about the call, for colleagues"
          placeholder="Note for colleagues (the patient does not see it)"
          onChange={(event) => setNote(event.target.value)}
        />
        <Button onClick={submit} disabled={!chosen} loading={end.isPending}>
          {chosen === 'wrong-number' && called ? `End: ${phoneNumber(called)} is wrong` : 'End the call'}
        </Button>
        {end.isError && <Failure problem={end.error} what="It was not taken down" kept="What you chose and wrote is still here." />}
      </div>
    </section>
  );
}

function Elapsed({ since }: { since: string }) {
  const seconds = Math.max(0, Math.round((useNow() - Date.parse(since)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return (
    <span className="call-time">
      <ClockIcon size={14} /> {minutes < 1 ? 'just begun' : `${minutes} min`}
    </span>
  );
}
