import { useEffect, useRef, useState, type FormEvent } from 'react';
import { callsOf, post, type Call } from './api';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

type Props = { number: string; call?: Call; done: () => Promise<void> };

/** The call on this phone: what is said in it, as text, and keys to press. Without one, a way to call the clinic. */
export function CallPanel({ number, call, done }: Props) {
  const [words, setWords] = useState('');
  const [problem, setProblem] = useState<string>();
  const end = useRef<HTMLDivElement>(null);
  const ringing = call !== undefined && !call.fromPatient && ['queued', 'initiated', 'ringing'].includes(call.status);

  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [call?.lines.length]);

  async function does(what: string) {
    setProblem(undefined);
    try {
      await post(callsOf(number), { do: what });
      await done();
    } catch (caught) {
      setProblem((caught as Error).message);
    }
  }

  if (!call) {
    return (
      <div className="call-start">
        <button type="button" onClick={() => void does('call')}>
          Call the clinic
        </button>
        {problem && (
          <span role="alert" className="problem">
            {problem}
          </span>
        )}
      </div>
    );
  }
  return (
    <section className="call" aria-label="Call">
      <p className="call-head">
        <span className="strong">{ringing ? 'The clinic is calling' : 'In a call with the clinic'}</span>
        <span className="quiet">{ringing ? 'Ringing' : call.listening ? 'Listening for a key or words' : 'Speaking'}</span>
      </p>
      {ringing ? (
        <div className="call-choice">
          <button type="button" className="main" onClick={() => void does('answer')}>
            Answer
          </button>
          <button type="button" onClick={() => void does('decline')}>
            Decline
          </button>
        </div>
      ) : (
        <>
          <CallLines call={call} />
          <div ref={end} />
          <div className="keypad" role="group" aria-label="Keys">
            {keys.map((key) => (
              <button key={key} type="button" onClick={() => void does(key)}>
                {key}
              </button>
            ))}
          </div>
          <form
            className="compose"
            onSubmit={(event: FormEvent) => {
              event.preventDefault();
              if (words.trim()) void does(words.trim()).then(() => setWords(''));
            }}
          >
            <input value={words} onChange={(event) => setWords(event.currentTarget.value)} aria-label="Say" placeholder="Say something" autoComplete="off" maxLength={500} />
            <button type="submit">Say</button>
            <button type="button" onClick={() => void does('hang-up')}>
              Hang up
            </button>
          </form>
        </>
      )}
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
    </section>
  );
}

export function CallLines({ call }: { call: Call }) {
  return (
    <ol className="call-lines" role="log" aria-label="What was said">
      {call.lines.map((line, at) => (
        <li key={at} className={`call-${line.by}`} lang={line.language ?? undefined}>
          {line.by === 'patient' && /^[0-9*#]$/.test(line.text) ? `Pressed ${line.text}` : line.text}
        </li>
      ))}
    </ol>
  );
}
