import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { write } from '../api/client';
import { Attachments } from '../Attachments';
import { BackIcon, SearchIcon } from '../icons';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';
import { plainDate } from '../time/phrases';
import { ChannelMark } from '../ChannelMark';
import { whence } from '../words';
import { freshKey, lookupQuery, unknownQuery, unknownThreadQuery } from './queries';

/** Somebody wrote, and it is not known who: a person finds out, and says so. */
export function UnknownView({ id, back }: { id: string; back: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const thread = useQuery(unknownThreadQuery(id));
  const [typed, setTyped] = useState('');
  const [words, setWords] = useState('');
  const found = useQuery(lookupQuery(words));
  const [said, setSaid] = useState('');
  const answerText = said.trim();
  const sending = useRef({ text: '', key: '' });
  const answer = useMutation({
    mutationFn: (text: string) => {
      // Sent again after a failure, the same words keep their key: they are never said twice.
      if (sending.current.text !== text) sending.current = { text, key: freshKey() };
      return write(`/api/v1/unknown-senders/${id}/messages`, { json: { text }, headers: { 'Idempotency-Key': sending.current.key } });
    },
    onSuccess: () => {
      sending.current = { text: '', key: '' };
      setSaid('');
      void queries.invalidateQueries({ queryKey: unknownThreadQuery(id).queryKey });
    },
  });
  const settled = (to: string) => {
    void queries.invalidateQueries({ queryKey: unknownQuery.queryKey });
    navigate(to);
  };
  const link = useMutation({
    mutationFn: (patient: string) => write(`/api/v1/unknown-senders/${id}/link`, { json: { patient } }),
    onSuccess: (_, patient) => settled(`/inbox/${patient}`),
  });
  const nobodys = useMutation({ mutationFn: () => write(`/api/v1/unknown-senders/${id}/nobodys`), onSuccess: () => settled(back) });

  function search(event: FormEvent) {
    event.preventDefault();
    setWords(typed.trim());
  }

  if (thread.isPending) return <Waiting what="Opening the messages" />;
  if (!thread.data) return <Failure problem={thread.error} what="The messages could not be opened" retry={() => void thread.refetch()} />;
  const shared = thread.data.sharedBy;
  const choices = (
    words
      ? (found.data?.items.map(({ patient }) => ({ id: patient.id, name: patient.name, more: patient.birthDate ? `born ${plainDate(patient.birthDate)}` : '' })) ?? [])
      : shared.map((each) => ({ ...each, more: 'has this number' }))
  );
  return (
    <article className="task">
      <div className="pane-bar only-phone">
        <Link to={back} className="back">
          <BackIcon /> Inbox
        </Link>
      </div>
      <h1>{whence(thread.data)}</h1>
      <p className="quiet">
        {shared.length > 0 ? `${shared.length} patients share this number, and nothing was asked there.` : thread.data.channel === 'chat' ? 'Somebody looks at our site, and may show who they are there.' : 'No patient has this address.'} Say who writes, and it
        becomes part of their conversation.
      </p>
      <div className="unknown-lines">
        {[...thread.data.lines].reverse().map((line) => (
          <div key={line.id} className={`said said-${line.by ? 'message' : 'reply'}`}>
            {line.text && (
              <p className={`bubble ${line.by ? '' : 'bubble-reply'}`} dir="auto">
                {line.text}
              </p>
            )}
            <Attachments of={line.attachments} />
            <p className="entry-foot">
              <Ago at={line.at} />
              <ChannelMark code={thread.data.channel} />
              {line.by ? <span>{line.by}</span> : !line.waits && <span>settled</span>}
            </p>
          </div>
        ))}
      </div>
      {shared.length === 0 && (
        <form
          className="form-section"
          aria-label="Answer"
          onSubmit={(event) => {
            event.preventDefault();
            if (answerText !== '' && !answer.isPending) answer.mutate(answerText);
          }}
        >
          <Textarea
            label="Answer"
            description="Nobody knows yet who reads this: say nothing about anybody's health."
            autosize
            minRows={2}
            maxLength={1000}
            dir="auto"
            value={said}
            onChange={(event) => setSaid(event.currentTarget.value)}
          />
          <Button type="submit" mt="xs" loading={answer.isPending} disabled={answerText === ''}>
            Send
          </Button>
          {answer.isError && <Failure problem={answer.error} what="It was not sent" />}
        </form>
      )}
      <section className="form-section" aria-label="Who writes?">
        <h2>Who writes?</h2>
        <form onSubmit={search} className="search" role="search">
          <TextInput
            type="search"
            aria-label="Name and date of birth, or a number"
            placeholder="Rosa Delgado 1957-03-02"
            leftSection={<SearchIcon />}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={typed.trim() === ''}>
            Find
          </Button>
        </form>
        {found.isError && <Failure problem={found.error} what="Nobody could be looked up" />}
        {words && found.isSuccess && choices.length === 0 && <Empty title="Nobody here matches that">Check the spelling, or search by date of birth.</Empty>}
        <ul className="choices">
          {choices.map((each) => (
            <li key={each.id}>
              <span>
                <strong>{each.name}</strong> <span className="quiet">{each.more}</span>
              </span>
              <Button variant="default" size="xs" loading={link.isPending && link.variables === each.id} onClick={() => link.mutate(each.id)}>
                It is {each.name}
              </Button>
            </li>
          ))}
        </ul>
        {link.isError && <Failure problem={link.error} what="The number was not linked" />}
        <p className="form-hint">
          <Button variant="subtle" color="gray" size="xs" loading={nobodys.isPending} onClick={() => nobodys.mutate()}>
            It is nobody’s: settle it
          </Button>
        </p>
        {nobodys.isError && <Failure problem={nobodys.error} what="It was not settled" />}
      </section>
    </article>
  );
}
