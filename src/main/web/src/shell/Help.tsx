import { Kbd, Modal } from '@mantine/core';

const keys: [string[], string][] = [
  [['j'], 'Next in the list'],
  [['k'], 'Previous in the list'],
  [['Enter'], 'Open the one you are on'],
  [['c'], 'Claim the open task'],
  [['d'], 'Call the patient of the open task'],
  [['o'], 'Say how the call ended: o, a letter, Enter'],
  [['r'], 'Reply in the open conversation'],
  [['n'], 'Write a note in the open conversation'],
  [['/'], 'Find a patient, or who is calling'],
  [['?'], 'This sheet'],
  [['Esc'], 'Close a sheet, or go back to the list'],
];

export function Help({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <table className="keys">
        <tbody>
          {keys.map(([names, what]) => (
            <tr key={what}>
              <th scope="row">
                {names.map((name) => (
                  <Kbd key={name}>{name}</Kbd>
                ))}
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">Keys rest while you type.</p>
    </Modal>
  );
}
