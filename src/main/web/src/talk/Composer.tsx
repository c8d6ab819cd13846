import { Button, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { write } from '../api/client';
import type { Foreseen, Said, Thread } from '../api/types';
import { CheckIcon, ClockIcon, CrossIcon } from '../icons';
import { Failure } from '../shell/Notices';
import { useKeys } from '../shell/keys';
import { wallClock } from '../time/phrases';
import { phoneNumber } from '../words';
import { freshKey, previewQuery, threadQuery } from './queries';

const LONGEST = 1000;

/** Words to the patient or to colleagues. What would become of a text is told before it is sent; nothing typed is lost to a failure. */
export function Composer({ id, thread }: { id: string; thread: Thread }) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<'reply' | 'note'>('reply');
  const [texts, setTexts] = useState({ reply: '', note: '' });
  const sending = useRef({ text: '', key: '' });
  const field = useRef<HTMLTextAreaElement>(null);
  const text = texts[kind].trim();
  const [settled] = useDebouncedValue(texts.reply.trim(), 450);
  const others = thread.takenOver && !thread.takenOver.mine ? thread.takenOver.by : undefined;
  const foreseen = useQuery({ ...previewQuery(id, settled), enabled: settled !== '' && kind === 'reply' });
  const current = foreseen.data && settled === texts.reply.trim() ? foreseen.data : undefined;

  const send = useMutation({
    mutationFn: ({ what, words, key }: { what: 'reply' | 'note'; words: string; key: string }) =>
      write<Said | undefined>(`/api/v1/conversations/${id}/${what === 'reply' ? 'messages' : 'notes'}`, {
        json: { text: words },
        headers: { 'Idempotency-Key': key },
      }),
    onSuccess: (_, { what }) => {
      sending.current = { text: '', key: '' };
      setTexts((before) => ({ ...before, [what]: '' }));
      void queries.invalidateQueries({ queryKey: threadQuery(id).queryKey });
      void queries.invalidateQueries({ queryKey: ['preview', id] });
    },
  });

  function submit() {
    if (text === '' || send.isPending) return;
    if (kind === 'reply' && (others || current?.outcome === 'may-not')) return;
    // Sent again after a failure, the same words keep their key: they are never said twice.
    if (sending.current.text !== kind + text) sending.current = { text: kind + text, key: freshKey() };
    send.mutate({ what: kind, words: text, key: sending.current.key });
  }

  const toField = (what: 'reply' | 'note') => {
    setKind(what);
    setTimeout(() => field.current?.focus(), 0);
  };
  useKeys({ r: () => toField('reply'), n: () => toField('note') });
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape') field.current?.blur();
  };

  const mayNot = kind === 'reply' && (others !== undefined || current?.outcome === 'may-not');
  return (
    <section className={`composer composer-${kind}`} aria-label="Write">
      <div className="tabs" role="group" aria-label="To whom">
        <Tooltip label="A text to the patient (r)">
          <button type="button" aria-pressed={kind === 'reply'} onClick={() => toField('reply')}>
            Reply
          </button>
        </Tooltip>
        <Tooltip label="For colleagues only, never sent (n)">
          <button type="button" aria-pressed={kind === 'note'} onClick={() => toField('note')}>
            Note
          </button>
        </Tooltip>
      </div>
      <textarea
        ref={field}
        value={texts[kind]}
        maxLength={kind === 'reply' ? LONGEST : 4000}
        rows={3}
        dir="auto"
        disabled={kind === 'reply' && others !== undefined}
        aria-label={kind === 'reply' ? 'Text to the patient' : 'Note for colleagues'}
        placeholder={kind === 'reply' ? 'Write to the patient' : 'Write to colleagues; the patient never sees it'}
        onChange={(event) => setTexts((before) => ({ ...before, [kind]: event.target.value }))}
        onKeyDown={pressed}
      />
      <div className="composer-foot">
        <div className="composer-decision" aria-live="polite">
          {kind === 'note' && <span className="quiet">Kept with the conversation, encrypted. It cannot be changed.</span>}
          {kind === 'reply' && others && <span className="tone-soon">{others} talks with the patient. Ask them, or write a note.</span>}
          {kind === 'reply' && !others && text === '' && <span className="quiet">Before it is sent you see here whether it may go, and when.</span>}
          {kind === 'reply' && !others && text !== '' && current && <Decision foreseen={current} typed={text} zone={thread.patient.zone} />}
          {kind === 'reply' && !others && text !== '' && !current && <span className="quiet">Looking whether it may go…</span>}
        </div>
        <Tooltip label="Ctrl + Enter">
          <Button onClick={submit} loading={send.isPending} disabled={text === '' || mayNot}>
            {kind === 'note' ? 'Keep the note' : current?.outcome === 'not-now' ? 'Send when it may go' : 'Send'}
          </Button>
        </Tooltip>
      </div>
      {send.isError && <Failure problem={send.error} what={kind === 'note' ? 'The note was not kept' : 'It was not sent'} kept="Your words are still here." />}
    </section>
  );
}

function Decision({ foreseen, typed, zone }: { foreseen: Foreseen; typed: string; zone?: string | null }) {
  const size = `${foreseen.segments === 1 ? '1 text' : `${foreseen.segments} texts`}, ${foreseen.characters} characters${foreseen.to ? `, to ${phoneNumber(foreseen.to)}` : ''}`;
  return (
    <>
      {foreseen.outcome === 'may' && (
        <p className="tone-good">
          <CheckIcon size={14} /> It may go now · {size}
        </p>
      )}
      {foreseen.outcome === 'not-now' && (
        <p className="tone-soon">
          <ClockIcon size={14} /> Not now{foreseen.until ? `: it goes ${wallClock(Date.parse(foreseen.until), zone)}` : ''} · {size}
        </p>
      )}
      {foreseen.outcome === 'may-not' && (
        <p className="tone-bad">
          <CrossIcon size={14} /> It may not go
        </p>
      )}
      {foreseen.outcome !== 'may-not' && foreseen.worded !== typed && (
        <p className="composer-worded" dir="auto">
          They read: <q>{foreseen.worded}</q>
        </p>
      )}
      <p className="quiet">{foreseen.sentence}</p>
    </>
  );
}
