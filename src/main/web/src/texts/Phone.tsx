import type { TextFinding, TextPreview } from '../api/types';
import { WarningIcon } from '../icons';
import { difference, partName } from './words';

/** As the patient reads it, with what it costs and how hard it is. */
export function Phone({ preview }: { preview: TextPreview }) {
  const { text, ...others } = preview.parts as Record<string, string>;
  return (
    <>
      <div className="text-phone" dir={preview.rightToLeft ? 'rtl' : 'ltr'} lang={preview.locale}>
        {Object.entries(others).map(([part, words]) => (
          <p key={part} className="text-part">
            <span className="quiet text-part-name">{partName(part)}</span>
            {words}
          </p>
        ))}
        {text ? <p className="text-bubble">{text}</p> : <p className="quiet">It cannot be shown until it is mended.</p>}
      </div>
      <p className="text-measures">
        {measures(preview).map((each) => (
          <span key={each}>{each}</span>
        ))}
      </p>
      {preview.costly.length > 0 && (
        <p className="text-note">
          Dearer because of {preview.costly.map((letter) => `“${letter}”`).join(' ')}: written plainly it takes fewer segments.
        </p>
      )}
      <Findings findings={preview.findings} />
    </>
  );
}

function measures(preview: TextPreview): string[] {
  const said: string[] = [`${preview.characters} characters`];
  if (preview.units !== null) said.push(`${preview.units} ${preview.units === 1 ? 'segment' : 'segments'}${preview.encoding ? `, ${preview.encoding}` : ''}`);
  if (preview.price !== null) said.push(`${Number(preview.price).toLocaleString('en-US', { style: 'currency', currency: preview.currency ?? 'USD', maximumFractionDigits: 4 })} each`);
  if (preview.grade !== null) said.push(`reads at grade ${preview.grade}`);
  if (preview.band !== null) said.push(`reads as ${preview.band}`);
  return said;
}

export function Findings({ findings }: { findings: TextFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className="text-findings">
      {findings.map((finding, index) => (
        <li key={index} className={finding.severity === 'warning' ? 'text-warning' : 'text-error'}>
          <WarningIcon /> It {finding.variable ? `uses {${finding.variable}}, which ` : ''}
          {finding.sentence} <span className="quiet">{finding.rule}</span>
        </li>
      ))}
    </ul>
  );
}

export function Difference({ before, after }: { before: string; after: string }) {
  return (
    <p className="text-difference">
      {difference(before, after).map((piece, index) =>
        piece.change === 'added' ? (
          <ins key={index}>{piece.words}</ins>
        ) : piece.change === 'gone' ? (
          <del key={index}>{piece.words}</del>
        ) : (
          <span key={index}>{piece.words}</span>
        ),
      )}
    </p>
  );
}
