import { Button, Modal, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { write } from '../api/client';
import type { TextDetail, TextEdit, TextPreview, TextVersion, TextWording } from '../api/types';
import { Failure } from '../shell/Notices';
import { channel } from '../words';
import { Difference, Phone } from './Phone';
import { useChange } from './queries';
import { language, partName, textName } from './words';

type Common = { text: TextDetail; close: () => void };

export function EditText({ text, wording, close }: Common & { wording: TextWording }) {
  const key = text.summary.key;
  const [parts, setParts] = useState<Record<string, string>>(wording.parts as Record<string, string>);
  const [reason, setReason] = useState('');
  const preview = useQuery({
    queryKey: ['text-preview', key, wording.channel, wording.locale, parts],
    queryFn: () =>
      write<TextPreview>(`/api/v1/templates/${key}/preview`, { json: { channel: wording.channel, locale: wording.locale, parts }, quiet: true }),
    placeholderData: (before) => before ?? wording.preview,
    staleTime: 60_000,
  });
  const propose = useChange(`/api/v1/templates/${key}/edits`, close);
  return (
    <Modal opened onClose={close} closeButtonProps={{ 'aria-label': 'Close' }} size="xl" title={`${textName(key)}: ${language(wording.locale)}, ${channel(wording.channel)}`}>
      <Form submit={() => propose.mutate({ channel: wording.channel, locale: wording.locale, parts, reason })}>
        <div className="text-edit">
          <div>
            {Object.entries(parts).map(([part, pattern]) => (
              <Textarea
                key={part}
                label={partName(part)}
                autosize
                minRows={part === 'text' ? 7 : 1}
                value={pattern}
                onChange={(event) => {
                  const value = event.currentTarget.value;
                  setParts((before) => ({ ...before, [part]: value }));
                }}
              />
            ))}
            <p className="quiet text-note">
              May use{' '}
              {text.variables.map((variable) => (
                <code key={variable.name}>{`{${variable.name}}`} </code>
              ))}
            </p>
          </div>
          <div>{preview.data && <Phone preview={preview.data} />}</div>
        </div>
        <Textarea
          label="Why"
          description="Whoever approves it reads this, and it is kept."
          required
          withAsterisk={false}
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {propose.isError && <Failure problem={propose.error} what="Nothing was proposed" kept="What you wrote is still here." />}
        <Buttons close={close} busy={propose.isPending} act="Propose" />
      </Form>
    </Modal>
  );
}

export function Decide({ edit, approve, close }: { edit: TextEdit; approve: boolean; close: () => void }) {
  const [reason, setReason] = useState('');
  const decide = useChange(`/api/v1/templates/edits/${edit.id}/${approve ? 'approve' : 'reject'}`, close);
  return (
    <Modal opened onClose={close} closeButtonProps={{ 'aria-label': 'Close' }} title={approve ? 'Approve the change' : 'Turn the change down'}>
      <Form submit={() => decide.mutate(approve ? {} : { reason })}>
        {approve ? (
          <p>It is said from the next message on, and your name stands for it. What is queued keeps the text it was written with.</p>
        ) : (
          <Textarea label="Why" required withAsterisk={false} maxLength={500} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        )}
        {Object.entries(edit.parts).map(([part, after]) => (
          <Difference key={part} before={edit.replaces?.[part] ?? ''} after={after} />
        ))}
        {decide.isError && <Failure problem={decide.error} what="The text is as it was" />}
        <Buttons close={close} busy={decide.isPending} act={approve ? 'Approve' : 'Turn it down'} />
      </Form>
    </Modal>
  );
}

export function RollBack({ text, version, close }: Common & { version: TextVersion }) {
  const [reason, setReason] = useState('');
  const back = useChange(`/api/v1/templates/${text.summary.key}/roll-back`, close);
  const now = text.wordings.find((each) => each.channel === version.channel && each.locale === version.locale);
  return (
    <Modal opened onClose={close} closeButtonProps={{ 'aria-label': 'Close' }} title={`Say version ${version.number} again`}>
      <Form submit={() => back.mutate({ version: version.id, reason })}>
        {Object.entries(version.parts).map(([part, after]) => (
          <Difference key={part} before={now?.parts[part] ?? ''} after={after} />
        ))}
        <Textarea label="Why" required withAsterisk={false} maxLength={500} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {back.isError && <Failure problem={back.error} what="The text is as it was" />}
        <Buttons close={close} busy={back.isPending} act="Say it again" />
      </Form>
    </Modal>
  );
}

function Form({ submit, children }: { submit: () => void; children: ReactNode }) {
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
    </form>
  );
}

function Buttons({ close, busy, act }: { close: () => void; busy: boolean; act: string }) {
  return (
    <div className="form-end">
      <Button variant="default" onClick={close}>
        Leave it
      </Button>
      <Button type="submit" loading={busy}>
        {act}
      </Button>
    </div>
  );
}
