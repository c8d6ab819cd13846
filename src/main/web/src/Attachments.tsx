import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { Attachment } from './api/types';
import { ClockIcon, NoteIcon, WarningIcon } from './icons';
import { fileKind, fileSize } from './words';

/** What a patient sent besides words: pictures are seen where they stand and open larger, anything else is saved. */
export function Attachments({ of }: { of: Attachment[] }) {
  const [open, setOpen] = useState<number>();
  const pictures = of.filter((one) => one.shown && one.url);
  if (of.length === 0) return null;
  const name = (one: Attachment) => {
    const place = pictures.length > 1 ? ` ${pictures.indexOf(one) + 1} of ${pictures.length}` : '';
    return one.name ? `Picture${place} from the patient: ${one.name}` : `Picture${place} from the patient`;
  };
  const large = open === undefined ? undefined : pictures[open];
  return (
    <ul className="attachments">
      {of.map((one) => (
        <li key={one.id}>
          {one.state === 'to-fetch' && (
            <p className="attachment-told quiet">
              <ClockIcon size={14} /> {fileKind(one)} is being fetched from the carrier
            </p>
          )}
          {one.state === 'not-kept' && (
            <p className="attachment-told tone-soon">
              <WarningIcon size={14} />
              <span>
                {one.why} {one.name && <span dir="auto">({one.name})</span>}
              </span>
            </p>
          )}
          {one.url && one.shown && (
            <button type="button" className="attachment-picture" aria-label={`Open larger: ${name(one)}`} onClick={() => setOpen(pictures.indexOf(one))}>
              <img src={one.url} alt={name(one)} loading="lazy" />
            </button>
          )}
          {one.url && !one.shown && (
            <a className="attachment-file" href={one.url} download>
              <NoteIcon size={16} />
              <span className="attachment-name" dir="auto">
                {one.name || fileKind(one)}
              </span>
              <span className="quiet">
                {fileKind(one)}, {fileSize(one.bytes ?? 0)}
              </span>
            </a>
          )}
        </li>
      ))}
      <Modal opened={large !== undefined} onClose={() => setOpen(undefined)} title={large && name(large)} size="auto" centered closeButtonProps={{ 'aria-label': 'Close the picture' }}>
        {large && (
          <>
            <img className="attachment-large" src={large.url ?? undefined} alt={name(large)} />
            <p className="quiet attachment-foot">
              {fileKind(large)}, {fileSize(large.bytes ?? 0)} ·{' '}
              <a href={large.url ?? undefined} download>
                Save
              </a>
            </p>
          </>
        )}
      </Modal>
    </ul>
  );
}
