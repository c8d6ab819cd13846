import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { Problem, read, write } from '../api/client';
import { patientQuery, patientsQuery } from '../api/queries';
import type { Disclosures, Identity, PatientCard } from '../api/types';
import { CheckIcon, SearchIcon } from '../icons';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { lookupQuery } from '../talk/queries';
import { Ago } from '../time/Moment';
import { plainDate } from '../time/phrases';
import { channel, language, messageState, patientStatus, phoneNumber } from '../words';
import './record.css';

type Props = { card: PatientCard };

const born = (date: string | null) => (date ? plainDate(date) : 'not known');

/** What every act here changes: who the patient is, and with it everything shown about them. */
function useChanged() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: ({ queryKey }) => ['patient', 'identity', 'timeline', 'patients', 'lookup', 'disclosures'].includes(String(queryKey[0])) });
}

/** Whose record this is, and whose number: folded, because most records are right. Reading it is audited, so it is read when opened. */
export function RecordSection({ card }: Props) {
  const { role } = useSession();
  const [open, setOpen] = useState(false);
  if (!['coordinator', 'supervisor'].includes(role)) return null;
  return (
    <section className="record" aria-label="Record">
      <details className="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Mend this record…</summary>
        {open && <Mending card={card} />}
      </details>
    </section>
  );
}

function Mending({ card }: Props) {
  const { role } = useSession();
  const identity = useQuery({ queryKey: ['identity', card.id], queryFn: ({ signal }) => read<Identity>(`/api/v1/patients/${card.id}/identity`, signal) });
  if (identity.isPending) return <Waiting what="Reading the record" />;
  if (!identity.data) return <Failure problem={identity.error} what="The record could not be read" retry={() => void identity.refetch()} />;
  const { merged, status, history } = identity.data;
  const frozen = status === 'disputed';
  const livesAfterAll = status === 'deceased' && history.find(({ kind }) => kind === 'died' || kind === 'death-retracted')?.kind === 'death-retracted';
  const joined = merged.length === 1 ? 'One other record is joined to this one.' : `${merged.length} other records are joined to this one.`;
  return (
    <div className="record-body">
      <p>
        {frozen ? 'This record is frozen. ' : ''}
        {livesAfterAll ? 'The EHR no longer says that the patient has died. ' : ''}
        {merged.length > 0 ? joined : frozen || livesAfterAll ? '' : 'Nothing is wrong with this record as far as anybody said.'}
      </p>
      {merged.length > 0 && (
        <ul className="record-joined" aria-label="Joined to this record">
          {merged.map((other) => (
            <li key={other.id}>
              <p>
                <strong>{other.name}</strong> <span className="quiet">born {born(other.birthDate)}</span>
              </p>
              <Act
                label="Take apart…"
                what={`Take apart ${other.name}`}
                follows="Each record has again the visits, numbers and refusals it had, and what came for it meanwhile. Messages go to each by itself."
                sure="Yes, take them apart"
                path={`/api/v1/patients/${other.id}/unmerge`}
                reason="wrong-merge"
                failed="They were not taken apart"
              />
            </li>
          ))}
        </ul>
      )}
      <Part title="New number, heard from the patient">
        <NewNumber card={card} />
      </Part>
      <Part title="Does not want messages…">
        <Refusal card={card} />
      </Part>
      <Part title="Same person as another record…">
        <Join card={card} />
      </Part>
      <Part title={frozen ? 'Settle whose record this is' : livesAfterAll ? 'The patient lives' : 'May be somebody else’s…'}>
        {frozen || livesAfterAll ? (
          <Act
            label="It is settled: messages may go again"
            what="Settle this record"
            follows="Journeys write to this patient again from the next message on."
            sure="Yes, it is settled"
            path={`/api/v1/patients/${card.id}/settle`}
            reason="checked"
            failed="It was not settled"
          />
        ) : (
          <>
            <p className="quiet">A visit, a message or the number on this record may belong to another person.</p>
            <Act
              label="Freeze this record…"
              what="Freeze this record"
              follows="Nothing is sent to this patient any more until somebody settles it, and a privacy task is made that says how many messages went out."
              sure="Yes, freeze it"
              path={`/api/v1/patients/${card.id}/freeze`}
              reason="wrong-person-linked"
              failed="It was not frozen"
            />
          </>
        )}
      </Part>
      {role === 'supervisor' && (
        <Part title="What was told, and to which number">
          <Told id={card.id} />
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && <div className="record-part">{children}</div>}
    </details>
  );
}

type ActProps = { label: string; what: string; follows: string; sure: string; path: string; reason: string; failed: string };

/** Asked twice: the second time with what follows. */
function Act({ label, what, follows, sure, path, reason, failed }: ActProps) {
  const changed = useChanged();
  const [asked, setAsked] = useState(false);
  const act = useMutation({ mutationFn: () => write(path, { json: { reason } }), onSuccess: changed });
  if (!asked) {
    return (
      <Button variant="default" size="xs" onClick={() => setAsked(true)}>
        {label}
      </Button>
    );
  }
  return (
    <div className="record-sure" role="group" aria-label={what}>
      <p>{follows}</p>
      <div className="record-buttons">
        <Button size="xs" loading={act.isPending} onClick={() => act.mutate()} autoFocus>
          {sure}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => {
            act.reset();
            setAsked(false);
          }}
        >
          Leave it as it is
        </Button>
      </div>
      {act.isError && <Failure problem={act.error} what={failed} />}
    </div>
  );
}

/** What a patient tells a person holds like their own STOP; a person may still call them. */
function Refusal({ card }: Props) {
  const changed = useChanged();
  const [words, setWords] = useState('');
  const [what, setWhat] = useState('all');
  const refuse = useMutation({
    mutationFn: () => write(`/api/v1/patients/${card.id}/revocations`, { json: { words: words.trim(), channels: what === 'all' ? null : what.split(',') } }),
    onSuccess: () => {
      setWords('');
      void changed();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim()) refuse.mutate();
  };
  return (
    <>
      <form className="record-number" onSubmit={submit}>
        <TextInput
          label="What the patient said"
          placeholder="“No more texts, please”"
          autoComplete="off"
          maxLength={1000}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            if (refuse.isError || refuse.isSuccess) refuse.reset();
          }}
        />
        <NativeSelect
          label="Ends"
          value={what}
          data={[
            { value: 'all', label: 'All messages' },
            { value: 'sms', label: 'Texts' },
            { value: 'voice', label: 'Automated calls' },
            { value: 'email', label: 'E-mail' },
          ]}
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={refuse.isPending} disabled={!words.trim()}>
          Send no more
        </Button>
      </form>
      <p className="quiet">Holds from now on. You may still call the patient yourself.</p>
      <div role="status">
        {refuse.isSuccess && (
          <p className="tone-good">
            <CheckIcon size={14} /> Kept with the patient’s words.
          </p>
        )}
      </div>
      {refuse.isError && <Failure problem={refuse.error} what="It was not kept" />}
    </>
  );
}

function NewNumber({ card }: Props) {
  const changed = useChanged();
  const [value, setValue] = useState('');
  const [use, setUse] = useState('mobile');
  const add = useMutation({
    mutationFn: () => write<PatientCard>(`/api/v1/patients/${card.id}/contact-points`, { json: { system: 'phone', value: value.trim(), use } }),
    onSuccess: () => {
      setValue('');
      void changed();
    },
  });
  const refused = add.error instanceof Problem && add.error.status === 422 ? add.error.detail || add.error.title : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value.trim()) add.mutate();
  };
  return (
    <>
      <form className="record-number" onSubmit={submit}>
        <TextInput
          type="tel"
          label="Phone number"
          placeholder="+1 720 555 0142"
          autoComplete="off"
          value={value}
          error={refused}
          onChange={(event) => {
            setValue(event.currentTarget.value);
            if (add.isError || add.isSuccess) add.reset();
          }}
        />
        <NativeSelect
          label="Use"
          value={use}
          data={[
            { value: 'mobile', label: 'Mobile' },
            { value: 'home', label: 'Home' },
            { value: 'work', label: 'Work' },
          ]}
          onChange={(event) => setUse(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={add.isPending} disabled={!value.trim()}>
          Use this number
        </Button>
      </form>
      <p className="quiet">Used from the next message on, also when the hospital’s record sends the old one again.</p>
      <div role="status">
        {add.isSuccess && (
          <p className="tone-good">
            <CheckIcon size={14} /> Kept.
          </p>
        )}
      </div>
      {add.isError && !refused && <Failure problem={add.error} what="The number was not kept" kept="What you typed is still here." />}
    </>
  );
}

function Join({ card }: Props) {
  const [typed, setTyped] = useState('');
  const [words, setWords] = useState('');
  const [other, setOther] = useState<string>();
  const byIdentifier = words.includes('|');
  const known = useQuery(patientsQuery(byIdentifier ? words : ''));
  const looked = useQuery(lookupQuery(byIdentifier ? '' : words));
  const found = byIdentifier ? known : looked;
  const choices = (byIdentifier ? known.data?.items : looked.data?.items.map(({ patient }) => patient))?.filter((each) => each.id !== card.id);
  if (other) {
    return (
      <SideBySide
        card={card}
        other={other}
        back={() => setOther(undefined)}
        joined={() => {
          setTyped('');
          setWords('');
          setOther(undefined);
        }}
      />
    );
  }
  const search = (event: FormEvent) => {
    event.preventDefault();
    setWords(typed.trim());
  };
  return (
    <>
      <form onSubmit={search} className="search" role="search">
        <TextInput
          type="search"
          aria-label="The other record: name and date of birth, number, or identifier"
          placeholder="Name and date of birth, number, or system|identifier"
          leftSection={<SearchIcon />}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!typed.trim()}>
          Find
        </Button>
      </form>
      {found.isError && <Failure problem={found.error} what="Nobody could be looked up" />}
      {words && found.isSuccess && choices?.length === 0 && <Empty title="No other record matches that">Check the spelling, or search by date of birth.</Empty>}
      <ul className="record-joined">
        {choices?.map((each) => (
          <li key={each.id}>
            <p>
              <strong>{each.name}</strong> <span className="quiet">born {born(each.birthDate)}</span>
            </p>
            <Button variant="default" size="xs" onClick={() => setOther(each.id)}>
              Compare
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

const lines: [string, (card: PatientCard) => string][] = [
  ['Name', (card) => card.name],
  ['Born', (card) => born(card.birthDate)],
  ['Speaks', (card) => language(card.language) ?? 'not known'],
  ['Phones', (card) => card.phones.map((phone) => phoneNumber(phone.value)).join(', ') || 'none known'],
  ['Status', (card) => patientStatus(card.status)],
];

type SideBySideProps = { card: PatientCard; other: string; back: () => void; joined: () => void };

function SideBySide({ card, other: id, back, joined }: SideBySideProps) {
  const changed = useChanged();
  const navigate = useNavigate();
  const other = useQuery(patientQuery(id));
  const [goesOn, setGoesOn] = useState(card.id);
  const ends = goesOn === card.id ? id : card.id;
  const join = useMutation({
    mutationFn: () => write<Identity>(`/api/v1/patients/${ends}/merge`, { json: { into: goesOn, reason: 'same-person' } }),
    onSuccess: async () => {
      await changed();
      if (goesOn === card.id) joined();
      else navigate(`/patients/${goesOn}`);
    },
  });
  if (other.isPending) return <Waiting what="Opening the other record" />;
  if (!other.data) return <Failure problem={other.error} what="The other record could not be opened" retry={() => void other.refetch()} />;
  const both = [card, other.data];
  return (
    <>
      <div className="table-wrap" role="region" aria-label="The two records" tabIndex={0}>
        <table className="table record-compare">
          <thead>
            <tr>
              <td />
              <th scope="col">This record</th>
              <th scope="col">
                The other <Link to={`/patients/${id}`}>open</Link>
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {lines.map(([name, say]) => {
              const [here, there] = both.map(say);
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{here}</td>
                  <td>{there}</td>
                  <td className={here === there ? 'quiet' : 'tone-soon'}>{here === there ? 'same' : 'differs'}</td>
                </tr>
              );
            })}
            <tr>
              <th scope="row">Goes on</th>
              {both.map((each, index) => (
                <td key={each.id}>
                  <label>
                    <input
                      type="radio"
                      name="goes-on"
                      checked={goesOn === each.id}
                      onChange={() => {
                        join.reset();
                        setGoesOn(each.id);
                      }}
                    />{' '}
                    {index === 0 ? 'This record' : 'The other'}
                  </label>
                </td>
              ))}
              <td />
            </tr>
          </tbody>
        </table>
      </div>
      <p>
        Both read as one from then on. Messages use the numbers of the record that goes on; what was refused on either counts for both. They can be taken apart again.
      </p>
      <div className="record-buttons">
        <Button size="xs" loading={join.isPending} onClick={() => join.mutate()}>
          Yes, they are one person: join them
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={back}>
          Leave them apart
        </Button>
      </div>
      {join.isError && <Failure problem={join.error} what="They were not joined" />}
    </>
  );
}

/** For whoever has to say what a stranger may have read. */
function Told({ id }: { id: string }) {
  const told = useQuery({ queryKey: ['disclosures', id], queryFn: ({ signal }) => read<Disclosures>(`/api/v1/patients/${id}/disclosures`, signal) });
  if (told.isPending) return <Waiting what="Reading what was told" />;
  if (!told.data) return <Failure problem={told.error} what="What was told could not be read" retry={() => void told.refetch()} />;
  if (told.data.items.length === 0) return <Empty title="Nothing was told so far">Messages that went out come here, with the end of the number.</Empty>;
  return (
    <ul className="record-told" aria-label="What was told">
      {told.data.items.map((each) => (
        <li key={each.message}>
          <p dir="auto">{each.text}</p>
          <p className="quiet">
            {channel(each.channel)} to <span className="number">{each.address}</span> · {messageState(each.state)} · <Ago at={each.at} />
          </p>
        </li>
      ))}
    </ul>
  );
}
