import { useEffect, useLayoutEffect, useRef, useState, type FormEvent } from 'react';
import { exact, relative } from '../time/phrases';
import { messageState } from '../words';
import { get, messagesOf, post, type Items, type Text } from './api';

const quick = ['sí', 'yes', 'no puedo ese día', 'pls stop'];

type Props = { number: string; name?: string | null; beat: number; now: number; sent: () => Promise<void> };

export function Thread({ number, name, beat, now, sent }: Props) {
  const [texts, setTexts] = useState<Text[]>();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const end = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let current = true;
    get<Items<Text>>(messagesOf(number)).then(
      (found) => current && setTexts([...found.items].sort((one, other) => one.at.localeCompare(other.at))),
      (caught: Error) => current && setProblem(caught.message),
    );
    return () => {
      current = false;
    };
  }, [number, beat]);

  useLayoutEffect(() => {
    void end.current?.scrollIntoView({ block: 'end' });
  }, [texts?.length]);

  async function send(body: string) {
    if (!body.trim()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await post(messagesOf(number), { body });
      setTyped((before) => (before === body ? '' : before));
      await sent();
    } catch (caught) {
      setProblem(`Not sent; what you typed is kept. ${(caught as Error).message}`);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <div className="handset-head">
        <span className="strong">{name ?? number}</span>
        {name && <span className="quiet">{number}</span>}
      </div>
      <div className="thread" role="log" aria-label="Messages">
        {texts?.length === 0 && <p className="quiet pad">Nothing here yet. A patient may also write first.</p>}
        {texts?.map((text) => (
          <div key={text.sid} className={`text ${text.fromPatient ? 'text-mine' : ''}`}>
            <p dir="auto">{text.body}</p>
            <span className="quiet" title={exact(Date.parse(text.at))}>
              {relative(Date.parse(text.at), now)}
              {!text.fromPatient && ` · ${messageState(text.status)}`}
            </span>
          </div>
        ))}
        <div ref={end} />
      </div>
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <div className="quick" role="group" aria-label="Quick replies">
        {quick.map((body) => (
          <button key={body} type="button" disabled={busy} onClick={() => void send(body)}>
            {body}
          </button>
        ))}
      </div>
      <form
        className="compose"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void send(typed);
        }}
      >
        <input
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          aria-label={`Write as ${name ?? number}`}
          placeholder={`Write as ${name ?? 'the patient'}`}
          autoComplete="off"
          maxLength={1600}
        />
        <button type="submit" className="main" disabled={busy || !typed.trim()}>
          Send
        </button>
      </form>
    </>
  );
}
